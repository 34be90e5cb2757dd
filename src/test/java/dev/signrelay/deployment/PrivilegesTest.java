package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each function may do what it does, and nothing else. */
final class PrivilegesTest {

  private final Template template = Template.read();
  private final Privileges privileges = new Privileges(template);

  /** A log group's ARN is, to CloudFormation, that of its streams. */
  @Test
  void signFunctionMayWriteItsLogAndTracesSendToTheQueuesAndWriteTheLimitersTable() {
    assertThat(privileges.of("SignFunction"))
        .containsExactlyInAnyOrder(
            "logs:CreateLogStream on SignLogs.Arn",
            "logs:PutLogEvents on SignLogs.Arn",
            "sqs:SendMessage on RetryQueue.Arn",
            "sqs:SendMessage on DeadLetterQueue.Arn",
            "dynamodb:PutItem on RateLimitTable.Arn if RateLimited",
            "dynamodb:UpdateItem on RateLimitTable.Arn if RateLimited",
            "xray:PutTraceSegments on *",
            "xray:PutTelemetryRecords on *");
  }

  /** Lambda receives and deletes messages in the function's name. */
  @Test
  void retryFunctionMayAlsoTakeFromTheRetryQueue() {
    assertThat(privileges.of("RetryFunction"))
        .containsExactlyInAnyOrder(
            "logs:CreateLogStream on RetryLogs.Arn",
            "logs:PutLogEvents on RetryLogs.Arn",
            "sqs:ReceiveMessage on RetryQueue.Arn",
            "sqs:DeleteMessage on RetryQueue.Arn",
            "sqs:GetQueueAttributes on RetryQueue.Arn",
            "sqs:SendMessage on RetryQueue.Arn",
            "sqs:SendMessage on DeadLetterQueue.Arn",
            "dynamodb:PutItem on RateLimitTable.Arn if RateLimited",
            "dynamodb:UpdateItem on RateLimitTable.Arn if RateLimited",
            "xray:PutTraceSegments on *",
            "xray:PutTelemetryRecords on *");
  }

  @Test
  void everyFunctionHasARoleOfItsOwnAndNobodyElseHasAny() {
    List<String> functions = privileges.resources("AWS::Serverless::Function");

    assertThat(functions).containsExactlyInAnyOrder("SignFunction", "RetryFunction");
    assertThat(functions.stream().map(privileges::role)).doesNotHaveDuplicates();
    assertThat(functions.stream().map(privileges::role))
        .containsExactlyInAnyOrderElementsOf(privileges.resources("AWS::IAM::"));
  }

  /** A managed policy would allow more than can be read here, and change by itself. */
  @ParameterizedTest
  @ValueSource(strings = {"SignRole", "RetryRole"})
  void aRoleIsLambdasAloneAndHasNoPolicyFromElsewhere(String role) {
    assertThat(template.properties(role)).containsOnlyKeys("AssumeRolePolicyDocument", "Policies");
    assertThat(template.properties(role).get("AssumeRolePolicyDocument"))
        .isEqualTo(
            Map.of(
                "Version",
                "2012-10-17",
                "Statement",
                List.of(
                    Map.of(
                        "Effect", "Allow",
                        "Principal", Map.of("Service", "lambda.amazonaws.com"),
                        "Action", "sts:AssumeRole"))));
  }

  /** But for traces: who may write them may write them anywhere in the account, and read none. */
  @ParameterizedTest
  @ValueSource(strings = {"SignFunction", "RetryFunction"})
  void nothingElseThatAFunctionMayDoIsAWildcard(String function) {
    assertThat(privileges.of(function))
        .filteredOn(privilege -> privilege.contains("*"))
        .containsExactlyInAnyOrder("xray:PutTraceSegments on *", "xray:PutTelemetryRecords on *");
    assertThat(template.properties(privileges.role(function)).toString()).containsOnlyOnce("*");
  }

  @Test
  void bothFunctionsWriteTraces() {
    assertThat(map(map(template.root().get("Globals")).get("Function")))
        .containsEntry("Tracing", "Active");
    assertThat(privileges.resources("AWS::Serverless::Function"))
        .allSatisfy(
            function -> assertThat(template.properties(function)).doesNotContainKey("Tracing"));
  }

  /** What SAM would make of these properties is not in the template. */
  @Test
  void samAddsNoPrivilege() {
    Map<String, Object> globals = map(map(template.root().get("Globals")).get("Function"));
    assertThat(globals).doesNotContainKeys("Role", "Policies", "Connectors");
    assertThat(template.resources().values())
        .allSatisfy(
            resource -> {
              assertThat(map(resource)).doesNotContainKey("Connectors");
              assertThat((String) map(resource).get("Type"))
                  .isNotEqualTo("AWS::Serverless::Connector");
            });
    assertThat(privileges.resources("AWS::Serverless::Function"))
        .allSatisfy(
            function -> assertThat(template.properties(function)).doesNotContainKey("Policies"));
  }

  /** Without a policy of its own, a resource is for its account's identities alone. */
  @Test
  void noResourceOpensItselfToOthers() {
    assertThat(template.resources().values())
        .allSatisfy(
            resource -> {
              Map<String, Object> properties = map(map(resource).get("Properties"));
              assertThat((String) map(resource).get("Type")).doesNotEndWith("Policy");
              assertThat((String) map(resource).get("Type")).doesNotEndWith("Permission");
              assertThat(properties)
                  .doesNotContainKeys("ResourcePolicy", "FunctionUrlConfig", "RedriveAllowPolicy");
            });
  }
}
