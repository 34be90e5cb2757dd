package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.local.Template;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.LogAssertions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** New versions get their traffic step by step, and versions that rest stay active. */
final class GradualDeploymentTest {

  private static final Template TEMPLATE = Template.read();

  @ParameterizedTest
  @ValueSource(strings = {"Sign", "Retry"})
  void anUpdateIsCheckedThenGradualAndEndsWithTheFirstError(String name) {
    assertThat(TEMPLATE.properties(name + "Function").get("DeploymentPreference"))
        .isEqualTo(
            Map.of(
                "Enabled", Map.of("Ref", "GradualDeployment"),
                "Type", "Canary10Percent5Minutes",
                "Role", Map.of("Fn::GetAtt", "DeploymentRole.Arn"),
                "Alarms", List.of(Map.of("Ref", name + "VersionAlarm")),
                "Hooks", Map.of("PreTraffic", Map.of("Ref", "DeploymentCheckFunction"))));
  }

  /** Its runs move jobs, so a check would have an effect; and a run that fails is repeated. */
  @Test
  void dispatchFunctionSwitchesAtOnce() {
    assertThat(TEMPLATE.properties("DispatchFunction")).doesNotContainKey("DeploymentPreference");
  }

  /** An alarm that is on when a deployment begins ends it: the old version must not raise it. */
  @ParameterizedTest
  @ValueSource(strings = {"Sign", "Retry"})
  void theAlarmOfADeploymentWatchesTheNewVersionAlone(String name) {
    String function = name + "Function";

    assertThat(TEMPLATE.properties(name + "VersionAlarm"))
        .containsEntry("MetricName", "Errors")
        .containsEntry("ComparisonOperator", "GreaterThanThreshold")
        .containsEntry("Threshold", 0)
        .containsEntry(
            "Dimensions",
            List.of(
                Map.of("Name", "FunctionName", "Value", Map.of("Ref", function)),
                Map.of("Name", "Resource", "Value", Map.of("Fn::Sub", "${" + function + "}:live")),
                Map.of(
                    "Name",
                    "ExecutedVersion",
                    "Value",
                    Map.of("Fn::GetAtt", function + ".Version.Version"))));
  }

  /** The settings under {@code Globals}, with the secrets, apply to serverless functions only. */
  @Test
  void theCheckGetsTheTwoVersionsAndNoSetting() {
    assertThat(map(TEMPLATE.resources().get("DeploymentCheckFunction")))
        .containsEntry("Type", "AWS::Lambda::Function");
    assertThat(map(TEMPLATE.properties("DeploymentCheckFunction").get("Environment")))
        .containsEntry(
            "Variables",
            Map.of(
                "SIGN_VERSION", Map.of("Ref", "SignFunction.Version"),
                "RETRY_VERSION", Map.of("Ref", "RetryFunction.Version")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SignFunction", "RetryFunction"})
  void aVersionIsInvokedEveryDaySoThatItsSnapshotStaysActive(String function) {
    assertThat(schedule(function))
        .containsEntry("ScheduleExpression", "rate(1 day)")
        .containsEntry("FlexibleTimeWindow", Map.of("Mode", "OFF"))
        .containsEntry("OmitName", true);
  }

  @Test
  void theDailyRequestIsRefusedAndCallsNobody() {
    var fakes = new FakeServices();
    JsonNode answer =
        fakes.answer(LogAssertions.json((String) schedule("SignFunction").get("Input")));

    assertThat(answer.path("statusCode").intValue()).isEqualTo(400);
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.sent).isEmpty();
  }

  /** {@code RetryHandlerTest} shows that it has no effect. */
  @Test
  void theDailyBatchIsEmpty() {
    assertThat(schedule("RetryFunction")).containsEntry("Input", "{\"Records\":[]}");
  }

  private static Map<String, Object> schedule(String function) {
    return TEMPLATE.events(function, "ScheduleV2").getFirst();
  }
}
