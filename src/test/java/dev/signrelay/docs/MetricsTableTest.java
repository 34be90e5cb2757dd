package dev.signrelay.docs;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import dev.signrelay.policy.RetryDecision;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.AllLogEvents;
import dev.signrelay.testing.TemplateMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of metrics and of alarms in docs/operations.md match the code and the template. */
final class MetricsTableTest {

  private static final MarkdownPage PAGE = MarkdownPage.read(Path.of("docs/operations.md"));
  private static final Template TEMPLATE = Template.read();
  private static final TemplateMetrics METRICS = new TemplateMetrics(TEMPLATE);
  private static final Pattern NAME = Pattern.compile("`([A-Za-z]+)`");

  @Test
  void theTableListsExactlyTheMetricsThatTheFunctionsSend() {
    List<AllLogEvents> functions = AllLogEvents.ofAllFunctions();
    List<String> sent =
        Stream.of(Metric.values())
            .map(
                metric ->
                    "%s in %s of %s"
                        .formatted(
                            metric.title(),
                            metric.unit().title(),
                            functions.stream()
                                .filter(function -> function.metrics().contains(metric))
                                .map(function -> function.function().replace("Function", ""))
                                .collect(Collectors.joining(", "))))
            .toList();

    assertThat(
            PAGE.rows("| metric | unit | function | meaning |")
                .flatMap(
                    row ->
                        names(row.getFirst())
                            .map(name -> name + " in " + row.get(1) + " of " + row.get(2))))
        .containsExactlyInAnyOrderElementsOf(sent);
  }

  @Test
  void theTableListsEveryAlarm() {
    assertThat(alarmRows().flatMap(row -> names(row.getFirst())))
        .containsExactlyElementsOf(METRICS.alarms());
  }

  @Test
  void theConditionOfAnAlarmStatesItsThreshold() {
    Map<String, Object> oldestJob =
        map(map(TEMPLATE.root().get("Mappings")).get("OldestJobSeconds"));
    IntSummaryStatistics seconds =
        oldestJob.values().stream()
            .mapToInt(threshold -> (Integer) map(threshold).get("Alarm"))
            .summaryStatistics();
    for (String alarm : List.of("OldestJobAlarm", "OldestCallbackAlarm")) {
      assertCondition(alarm, seconds.getMin() / 60 + " min");
      assertCondition(alarm, seconds.getMax() / 60 + " min");
      assertCondition(alarm, RetryDecision.MAX_QUEUE_DELAY.toMinutes() + " min");
    }
    assertCondition(
        "OldestInLineAlarm", Duration.ofSeconds(threshold("OldestInLineAlarm")).toDays() + " days");
    assertCondition("UnauthorizedAlarm", threshold("UnauthorizedAlarm") + " requests in 5 min");
    assertCondition("RefusedRequestsAlarm", threshold("RefusedRequestsAlarm") + " %");
    assertCondition("SlowAnswersAlarm", threshold("SlowAnswersAlarm") / 1_000.0 + " s");
    assertCondition("ApiErrorsAlarm", threshold("ApiErrorsAlarm") + " %");
    assertCondition("FunctionErrorsAlarm", "5 %"); // 0.05 in the alarm's expression
  }

  /**
   * Conditions that must hold in 2 of 3 periods of 5 min are stated as 10 of 15 min, those that
   * must hold in 5 of 5 or 3 of 3 periods of 1 min as 5 and 3 min.
   */
  @Test
  void theConditionOfAnAlarmStatesItsPeriods() {
    for (String alarm : METRICS.alarms()) {
      Map<String, Object> properties = TEMPLATE.properties(alarm);
      int periods = (Integer) properties.get("EvaluationPeriods");
      int breaching = (Integer) properties.getOrDefault("DatapointsToAlarm", periods);
      boolean isInMinutes = periods > 1 && breaching == periods;
      assertThat(periodSeconds(properties)).containsOnly(isInMinutes ? 60 : 300);
      switch (breaching + " of " + periods) {
        case "1 of 1" -> {}
        case "2 of 3" -> assertCondition(alarm, "10 of 15 min");
        case "5 of 5", "3 of 3" -> assertCondition(alarm, "for %d min".formatted(periods));
        default -> throw new AssertionError("no statement of the periods of " + alarm);
      }
    }
  }

  private static List<Object> periodSeconds(Map<String, Object> alarm) {
    return alarm.get("Metrics") instanceof List<?> metrics
        ? metrics.stream()
            .filter(metric -> map(metric).containsKey("MetricStat"))
            .map(metric -> map(map(metric).get("MetricStat")).get("Period"))
            .toList()
        : List.of(alarm.get("Period"));
  }

  private static int threshold(String alarm) {
    return (Integer) TEMPLATE.properties(alarm).get("Threshold");
  }

  private static void assertCondition(String alarm, String text) {
    assertThat(alarmRows().filter(row -> names(row.getFirst()).anyMatch(alarm::equals)))
        .as(alarm)
        .singleElement()
        .satisfies(row -> assertThat(row.get(1)).containsPattern(MarkdownPage.number(text)));
  }

  private static Stream<List<String>> alarmRows() {
    return PAGE.rows("| alarm | condition | what it means | what to do |");
  }

  /** A metric is billed for each function that sends it, and for each alarm that watches it. */
  @Test
  void theCostsStateTheNumbersOfMetrics() throws IOException {
    int sent =
        AllLogEvents.ofAllFunctions().stream().mapToInt(lines -> lines.metrics().size()).sum();
    int watched = METRICS.alarms().stream().mapToInt(a -> METRICS.watchedBy(a).size()).sum();

    assertThat(Files.readString(Path.of("docs/cost.md")))
        .contains("There are %d, which".formatted(sent))
        .contains("alarms watch %d metrics".formatted(watched));
  }

  private static Stream<String> names(String cell) {
    return NAME.matcher(cell).results().map(name -> name.group(1));
  }
}
