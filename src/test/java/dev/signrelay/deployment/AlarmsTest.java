package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import dev.signrelay.retry.RetryDecision;
import dev.signrelay.testing.TemplateMetrics;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The thresholds and actions of the alarms. */
final class AlarmsTest {

  private static final Template TEMPLATE = Template.read();
  private static final Pattern IDENTIFIER = Pattern.compile("[a-z][A-Za-z0-9_]*");

  static List<String> alarms() {
    return new TemplateMetrics(TEMPLATE).alarms();
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
  @MethodSource("alarms")
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

  /** An older message has not been received. */
  @Test
  void theOldestJobThresholdIsTheMaximumDelayAndAllReceives() {
    int receives =
        (Integer)
            map(TEMPLATE.properties("RetryQueue").get("RedrivePolicy")).get("maxReceiveCount");

    assertThat(TEMPLATE.properties("OldestJobAlarm").get("Threshold"))
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
        .containsEntry("DatapointsToAlarm", 1);
  }
}
