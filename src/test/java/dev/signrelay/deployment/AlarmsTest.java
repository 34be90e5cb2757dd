package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import dev.signrelay.policy.RetryDecision;
import dev.signrelay.testing.TemplateMetrics;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The thresholds and actions of the alarms. */
final class AlarmsTest {

  private static final Template TEMPLATE = Template.read();
  private static final Pattern IDENTIFIER = Pattern.compile("[a-z][A-Za-z0-9_]*");
  private static final Pattern FUNCTION = Pattern.compile("(sign|retry|dispatch)(?!ed)");

  static List<String> alarms() {
    return new TemplateMetrics(TEMPLATE).alarms();
  }

  static List<String> alarmsAboutWhatHappens() {
    return alarms().stream().filter(alarm -> !alarm.equals("NoDispatchAlarm")).toList();
  }

  @ParameterizedTest
  @MethodSource("alarms")
  void everyAlarmNotifiesTheTopicIfOneIsConfigured(String alarm) {
    Map<String, Object> toTopic =
        Map.of(
            "Fn::If",
            List.of(
                "AlarmsAreSent",
                List.of(Map.of("Ref", "AlarmTopicArn")),
                Map.of("Ref", "AWS::NoValue")));

    assertThat(TEMPLATE.properties(alarm))
        .containsEntry("AlarmActions", toTopic)
        .containsEntry("OKActions", toTopic)
        .doesNotContainKey("InsufficientDataActions");
    assertThat(map(TEMPLATE.root().get("Conditions")).get("AlarmsAreSent"))
        .isEqualTo(
            Map.of(
                "Fn::Not",
                List.of(Map.of("Fn::Equals", List.of(Map.of("Ref", "AlarmTopicArn"), "")))));
  }

  /** Without requests or failures, no data is sent. */
  @ParameterizedTest
  @MethodSource("alarmsAboutWhatHappens")
  void missingDataRaisesNoAlarm(String alarm) {
    assertThat(TEMPLATE.properties(alarm))
        .containsEntry("TreatMissingData", "notBreaching")
        .containsKey("AlarmDescription")
        .containsEntry("ComparisonOperator", "GreaterThanThreshold");
  }

  @ParameterizedTest
  @MethodSource("alarms")
  void anExpressionUsesOnlyTheMetricsOfItsAlarm(String alarm) {
    List<?> metrics = (List<?>) TEMPLATE.properties(alarm).getOrDefault("Metrics", List.of());
    Set<Object> ids = new HashSet<>();
    var used = new HashSet<String>();
    for (Object metric : metrics) {
      if (map(metric).get("Expression") instanceof String expression) {
        IDENTIFIER.matcher(expression).results().map(MatchResult::group).forEach(used::add);
        assertThat(map(metric)).doesNotContainKey("ReturnData");
      } else {
        ids.add(map(metric).get("Id"));
        assertThat(map(metric)).containsEntry("ReturnData", false);
      }
    }

    assertThat(used).isEqualTo(ids);
  }

  /** Then SignFunction knows no wait, and answers 503. A run that counts no jobs sends no data. */
  @Test
  void threeMinutesInWhichNoRunNotesTheLineRaiseAnAlarm() {
    assertThat(TEMPLATE.properties("NoDispatchAlarm"))
        .containsEntry("MetricName", "LineLength")
        .containsEntry("Statistic", "SampleCount")
        .containsEntry("TreatMissingData", "breaching")
        .containsEntry("ComparisonOperator", "LessThanThreshold")
        .containsEntry("Threshold", 1)
        .containsEntry("Period", 60)
        .containsEntry("EvaluationPeriods", 3)
        .doesNotContainKey("DatapointsToAlarm")
        .containsKey("AlarmDescription");
  }

  /** The name of the schedule is that of the function and of its event (SAM, ScheduleV2). */
  @Test
  void theScheduleExistsBeforeTheAlarmThatMissesItsRuns() {
    assertThat(map(TEMPLATE.properties("DispatchFunction").get("Events"))).containsOnlyKeys("Tick");
    assertThat(map(TEMPLATE.resources().get("NoDispatchAlarm")))
        .containsEntry("DependsOn", "DispatchFunctionTick");
  }

  @Test
  void aLineOutOfWhichNothingIsDispatchedForFiveMinutesRaisesAnAlarm() {
    Map<String, Object> alarm = TEMPLATE.properties("StalledLineAlarm");
    List<?> metrics = (List<?>) alarm.get("Metrics");

    assertThat(alarm)
        .containsEntry("Threshold", 0)
        .containsEntry("EvaluationPeriods", 5)
        .doesNotContainKey("DatapointsToAlarm");
    assertThat(map(metrics.getFirst()))
        .containsEntry("Expression", "IF(waiting > 0 AND FILL(dispatched, 0) == 0, 1, 0)");
    assertThat(metrics.stream().skip(1).map(metric -> map(map(metric).get("MetricStat"))))
        .allSatisfy(metric -> assertThat(metric).containsEntry("Period", 60));
  }

  /** SQS deletes older messages. Until then there are three days, which is a weekend. */
  @Test
  void aJobInTheLineRaisesAnAlarmThreeDaysBeforeItIsLost() {
    Map<String, Object> longestWait =
        map(map(TEMPLATE.root().get("Parameters")).get("LineMaxSeconds"));
    int threshold = (Integer) TEMPLATE.properties("OldestInLineAlarm").get("Threshold");

    assertThat(threshold)
        .isEqualTo(
            (Integer) TEMPLATE.properties("LineQueue").get("MessageRetentionPeriod")
                - (int) Duration.ofDays(3).toSeconds())
        .isGreaterThan((Integer) longestWait.get("Default"));
  }

  /** An older message has not been received. */
  @ParameterizedTest
  @CsvSource({"OldestJobAlarm, RetryQueue", "OldestCallbackAlarm, CallbackQueue"})
  void theThresholdOfAnOldestMessageIsTheMaximumDelayAndAllReceives(String alarm, String queue) {
    int receives =
        (Integer) map(TEMPLATE.properties(queue).get("RedrivePolicy")).get("maxReceiveCount");

    assertThat(TEMPLATE.properties(alarm).get("Threshold"))
        .isEqualTo(
            Map.of(
                "Fn::FindInMap",
                List.of("OldestJobSeconds", Map.of("Ref", "RetryTimeoutSeconds"), "Alarm")));
    assertThat(mapping("OldestJobSeconds", "Alarm"))
        .isEqualTo(
            mapping("VisibilityTimeoutSeconds", "Queue").entrySet().stream()
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey,
                        visibility ->
                            (int) RetryDecision.MAX_QUEUE_DELAY.toSeconds()
                                + receives * visibility.getValue())));
  }

  private static Map<String, Integer> mapping(String name, String key) {
    return map(map(TEMPLATE.root().get("Mappings")).get(name)).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> (Integer) map(e.getValue()).get(key)));
  }

  /** So that one request, which a client's first mistake can be, raises no alarm. */
  @Test
  void aFloodOfRefusedRequestsIsMoreThanHalfOfMoreThanAHundred() {
    Map<String, Object> alarm = TEMPLATE.properties("RefusedRequestsAlarm");

    assertThat(map(((List<?>) alarm.get("Metrics")).getFirst()))
        .containsEntry("Expression", "IF(requests > 100, 100 * refused / requests, 0)");
    assertThat(alarm).containsEntry("Threshold", 50);
  }

  /** With a hanging upstream, a response takes up to 1.85 s. The limit is 2 s. */
  @Test
  void slowAnswersRaiseAnAlarmBeforeTheyTakeTwoSeconds() {
    assertThat(TEMPLATE.properties("SlowAnswersAlarm")).containsEntry("ExtendedStatistic", "p99");
    assertThat((Integer) TEMPLATE.properties("SlowAnswersAlarm").get("Threshold"))
        .isBetween(1_851, 1_999);
  }

  @Test
  void oneDeadLetterRaisesAnAlarm() {
    assertThat(TEMPLATE.properties("DeadLettersAlarm"))
        .containsEntry("Threshold", 0)
        .containsEntry("EvaluationPeriods", 1);
  }

  /** A sum: a function that is not invoked has no values, which must not hide those of another. */
  @Test
  void moreThanFivePercentOfTheInvocationsOfOneFunctionRaiseAnAlarm() {
    Map<String, Object> alarm = TEMPLATE.properties("FunctionErrorsAlarm");

    assertThat(map(((List<?>) alarm.get("Metrics")).getFirst()))
        .containsEntry(
            "Expression",
            Stream.of("sign", "retry", "dispatch")
                .map("(%1$sErrors > 0.05 * %1$sInvocations)"::formatted)
                .collect(Collectors.joining(" + ")));
    assertThat(alarm).containsEntry("Threshold", 0);
  }

  /** In a sum, CloudWatch counts a missing value as 0 (user guide, "Using metric math"). */
  @ParameterizedTest
  @CsvSource({
    "ThrottlesAlarm, sign + retry",
    "SecretsAlarm, sign + retry + dispatch",
    "LimiterAlarm, sign + retry + dispatch",
    "RecordsAlarm, sign + retry + dispatch",
    "KeyRefusedAlarm, sign + retry + dispatch",
  })
  void aFailureOfAnyFunctionRaisesTheSameAlarm(String alarm, String expression) {
    assertThat(map(((List<?>) TEMPLATE.properties(alarm).get("Metrics")).getFirst()))
        .containsEntry("Expression", expression);
    assertThat(TEMPLATE.properties(alarm)).containsEntry("Threshold", 0);
  }

  /** The result of an expression has the metrics' period, so they have the same. */
  @ParameterizedTest
  @MethodSource("alarms")
  void theMetricsOfAnAlarmHaveOnePeriodAndTheIdThatNamesTheirResource(String alarm) {
    List<?> metrics = (List<?>) TEMPLATE.properties(alarm).getOrDefault("Metrics", List.of());
    Set<Object> periods = new HashSet<>();
    for (Object metric : metrics.stream().skip(1).toList()) {
      Map<String, Object> query = map(map(metric).get("MetricStat"));
      periods.add(query.get("Period"));
      String of = map(query.get("Metric")).get("Dimensions").toString();
      Matcher function = FUNCTION.matcher((String) map(metric).get("Id"));
      if (function.lookingAt()) {
        assertThat(of.toLowerCase(Locale.ROOT)).contains("ref=" + function.group() + "function");
      }
    }

    assertThat(periods).hasSizeLessThanOrEqualTo(1);
  }
}
