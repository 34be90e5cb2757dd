package dev.signrelay.docs;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import dev.signrelay.retry.RetryDecision;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.AllLogEvents;
import dev.signrelay.testing.TemplateMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
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
    Set<Metric> signs = AllLogEvents.ofSignFunction().metrics();
    Set<Metric> retries = AllLogEvents.ofRetryFunction().metrics();
    List<String> sent =
        Stream.of(Metric.values())
            .map(
                metric ->
                    "%s in %s of %s"
                        .formatted(
                            metric.title(),
                            metric.unit().title(),
                            !retries.contains(metric)
                                ? "Sign"
                                : signs.contains(metric) ? "both" : "Retry"))
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
    assertCondition("OldestJobAlarm", seconds.getMin() / 60 + " min");
    assertCondition("OldestJobAlarm", seconds.getMax() / 60 + " min");
    assertCondition("OldestJobAlarm", RetryDecision.MAX_QUEUE_DELAY.toMinutes() + " min");
    assertCondition("SlowAnswersAlarm", threshold("SlowAnswersAlarm") / 1_000.0 + " s");
    for (String alarm : List.of("SignErrorsAlarm", "RetryErrorsAlarm", "ApiErrorsAlarm")) {
      assertCondition(alarm, threshold(alarm) + " %");
    }
  }

  /** Conditions that must hold in 2 of 3 periods of 5 min are stated as 10 of 15 min. */
  @Test
  void theConditionOfAnAlarmStatesItsPeriods() {
    for (String alarm : METRICS.alarms()) {
      Map<String, Object> properties = TEMPLATE.properties(alarm);
      int periods = (Integer) properties.get("EvaluationPeriods");
      if (periods > 1) {
        assertThat(periods).isEqualTo(3);
        assertThat(properties).containsEntry("DatapointsToAlarm", 2);
        assertThat(periodSeconds(properties)).containsOnly(300);
        assertCondition(alarm, "10 of 15 min");
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
    return PAGE.rows("| alarm | condition | what to do |");
  }

  /** A metric is billed for each function that sends it, and for each alarm that watches it. */
  @Test
  void theCostsStateTheNumbersOfMetrics() throws IOException {
    int sent =
        AllLogEvents.ofBothFunctions().stream().mapToInt(lines -> lines.metrics().size()).sum();
    int watched = METRICS.alarms().stream().mapToInt(a -> METRICS.watchedBy(a).size()).sum();

    assertThat(Files.readString(Path.of("docs/cost.md")))
        .contains("There are %d, which".formatted(sent))
        .contains("alarms watch %d metrics".formatted(watched));
  }

  private static Stream<String> names(String cell) {
    return NAME.matcher(cell).results().map(name -> name.group(1));
  }
}
