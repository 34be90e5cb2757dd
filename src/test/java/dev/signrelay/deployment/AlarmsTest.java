package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import dev.signrelay.policy.RetryDecision;
import dev.signrelay.testing.TemplateMetrics;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** Without requests or failures, no data is sent. Only a run that counts no jobs is missed. */
  @ParameterizedTest
  @MethodSource("alarms")
  void anAlarmNotifiesTheTopicIfOneIsConfiguredAndMissingDataRaisesNone(String alarm) {
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
        .containsEntry(
            "TreatMissingData", alarm.equals("NoDispatchAlarm") ? "breaching" : "notBreaching")
        .containsKey("AlarmDescription")
        .doesNotContainKey("InsufficientDataActions");
    assertThat(map(TEMPLATE.root().get("Conditions")).get("AlarmsAreSent"))
        .isEqualTo(
            Map.of(
                "Fn::Not",
                List.of(Map.of("Fn::Equals", List.of(Map.of("Ref", "AlarmTopicArn"), "")))));
  }

  @ParameterizedTest
  @MethodSource("alarms")
  void anExpressionUsesTheMetricsOfItsAlarmAndTheirIdsNameTheirFunctions(String alarm) {
    List<?> metrics = (List<?>) TEMPLATE.properties(alarm).getOrDefault("Metrics", List.of());
    Set<Object> ids = new HashSet<>();
    var used = new HashSet<String>();
    for (Map<String, Object> metric : metrics.stream().map(Template::map).toList()) {
      if (metric.get("Expression") instanceof String expression) {
        IDENTIFIER.matcher(expression).results().map(MatchResult::group).forEach(used::add);
        assertThat(metric).doesNotContainKey("ReturnData");
        continue;
      }
      String id = (String) metric.get("Id");
      ids.add(id);
      assertThat(metric).containsEntry("ReturnData", false);
      Matcher function = FUNCTION.matcher(id);
      if (function.lookingAt()) {
        assertThat(metric.get("MetricStat").toString())
            .containsIgnoringCase("Ref=" + function.group() + "Function");
      }
    }

    assertThat(used).isEqualTo(ids);
  }

  /**
   * In a sum, CloudWatch counts a missing value as 0 (user guide, "Using metric math"), so that a
   * function that is not invoked hides no failure of another. One refused request, which can be a
   * client's first mistake, raises no alarm.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DeadLettersAlarm     | ApproximateNumberOfMessagesVisible | 0
          OldestInLineAlarm    | LineAge | 950400
          StalledLineAlarm     | IF(waiting > 0 AND FILL(dispatched, 0) == 0, 1, 0) | 0
          FunctionErrorsAlarm  | (signErrors > 0.05 * signInvocations) + (retryErrors > 0.05 * retryInvocations) + (dispatchErrors > 0.05 * dispatchInvocations) | 0
          ApiErrorsAlarm       | 100 * errors / requests | 5
          UnauthorizedAlarm    | Unauthorized | 20
          RefusedRequestsAlarm | IF(requests > 100, 100 * refused / requests, 0) | 50
          ThrottlesAlarm       | sign + retry | 0
          SecretsAlarm         | sign + retry + dispatch | 0
          LimiterAlarm         | sign + retry + dispatch | 0
          RecordsAlarm         | sign + retry + dispatch | 0
          KeyRefusedAlarm      | sign + retry + dispatch | 0
          """)
  void anAlarmIsRaisedIfItsMetricOrExpressionExceedsItsThreshold(
      String alarm, String expression, int threshold) {
    Map<String, Object> properties = TEMPLATE.properties(alarm);
    Object watched =
        properties.get("Metrics") instanceof List<?> metrics
            ? map(metrics.getFirst()).get("Expression")
            : properties.get("MetricName");

    assertThat(watched).isEqualTo(expression);
    assertThat(properties)
        .containsEntry("ComparisonOperator", "GreaterThanThreshold")
        .containsEntry("Threshold", threshold);
  }

  /** Then SignFunction knows no wait, and answers 503. A run that counts no jobs sends no data. */
  @Test
  void minutesInWhichNoRunNotesTheLineRaiseAnAlarm() {
    assertThat(TEMPLATE.properties("NoDispatchAlarm"))
        .containsEntry("MetricName", "LineLength")
        .containsEntry("Statistic", "SampleCount")
        .containsEntry("ComparisonOperator", "LessThanThreshold")
        .containsEntry("Threshold", 1);
  }

  /** The name of the schedule is that of the function and of its event (SAM, ScheduleV2). */
  @Test
  void theScheduleExistsBeforeTheAlarmThatMissesItsRuns() {
    assertThat(map(TEMPLATE.properties("DispatchFunction").get("Events"))).containsOnlyKeys("Tick");
    assertThat(map(TEMPLATE.resources().get("NoDispatchAlarm")))
        .containsEntry("DependsOn", "DispatchFunctionTick");
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
        .isEqualTo(longestWait.get("MaxValue"));
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
    Map<String, Object> mappings = map(TEMPLATE.root().get("Mappings"));
    Map<String, Object> visibility = map(mappings.get("VisibilityTimeoutSeconds"));
    map(mappings.get("OldestJobSeconds"))
        .forEach(
            (timeout, threshold) ->
                assertThat((Integer) map(threshold).get("Alarm"))
                    .isEqualTo(
                        RetryDecision.MAX_QUEUE_DELAY.toSeconds()
                            + receives * (Integer) map(visibility.get(timeout)).get("Queue")));
  }

  /** With a hanging upstream, a response takes up to 1.85 s. The limit is 2 s. */
  @Test
  void slowAnswersRaiseAnAlarmBeforeTheyTakeTwoSeconds() {
    assertThat(TEMPLATE.properties("SlowAnswersAlarm")).containsEntry("ExtendedStatistic", "p99");
    assertThat((Integer) TEMPLATE.properties("SlowAnswersAlarm").get("Threshold"))
        .isBetween(1_851, 1_999);
  }
}
