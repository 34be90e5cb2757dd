package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each function has the privileges that it needs, and no others. */
final class PrivilegesTest {

  private final Template template = Template.read();
  private final Privileges privileges = new Privileges(template);

  /** In CloudFormation, the ARN of a log group includes its streams. */
  @Test
  void signFunctionMayWriteLogsAndTracesSendJobsWithoutASignatureUseBothTablesAndReadItsSecrets() {
    assertThat(privileges.of("SignFunction"))
        .containsExactlyInAnyOrder(
            "logs:CreateLogStream on SignLogs.Arn",
            "logs:PutLogEvents on SignLogs.Arn",
            "sqs:SendMessage on RetryQueue.Arn",
            "sqs:SendMessage on LineQueue.Arn",
            "sqs:SendMessage on DeadLetterQueue.Arn",
            "dynamodb:GetItem on RateLimitTable.Arn",
            "dynamodb:PutItem on RateLimitTable.Arn",
            "dynamodb:UpdateItem on RateLimitTable.Arn",
            "dynamodb:GetItem on JobTable.Arn if JobsHaveRecords",
            "dynamodb:PutItem on JobTable.Arn if JobsHaveRecords",
            "dynamodb:UpdateItem on JobTable.Arn if JobsHaveRecords",
            "secretsmanager:GetSecretValue on CryptoClientApiKeySecret",
            "secretsmanager:GetSecretValue on ClientApiKeysSecret if ClientsNeedKeys",
            "xray:PutTraceSegments on *",
            "xray:PutTelemetryRecords on *");
  }

  /** Lambda receives and deletes messages with the function's role. */
  @Test
  void retryFunctionMayAlsoSendToTheCallbackQueueAndReceiveFromBothOfItsQueues() {
    assertThat(privileges.of("RetryFunction"))
        .containsExactlyInAnyOrder(
            "logs:CreateLogStream on RetryLogs.Arn",
            "logs:PutLogEvents on RetryLogs.Arn",
            "sqs:ReceiveMessage on RetryQueue.Arn",
            "sqs:DeleteMessage on RetryQueue.Arn",
            "sqs:GetQueueAttributes on RetryQueue.Arn",
            "sqs:ReceiveMessage on CallbackQueue.Arn",
            "sqs:DeleteMessage on CallbackQueue.Arn",
            "sqs:GetQueueAttributes on CallbackQueue.Arn",
            "sqs:SendMessage on RetryQueue.Arn",
            "sqs:SendMessage on CallbackQueue.Arn",
            "sqs:SendMessage on LineQueue.Arn",
            "sqs:SendMessage on DeadLetterQueue.Arn",
            "dynamodb:GetItem on RateLimitTable.Arn",
            "dynamodb:PutItem on RateLimitTable.Arn",
            "dynamodb:UpdateItem on RateLimitTable.Arn",
            "dynamodb:GetItem on JobTable.Arn if JobsHaveRecords",
            "dynamodb:UpdateItem on JobTable.Arn if JobsHaveRecords",
            "secretsmanager:GetSecretValue on CryptoClientApiKeySecret",
            "secretsmanager:GetSecretValue on CallbackSigningSecret if CallbacksAreSigned",
            "secretsmanager:GetSecretValue on CallbackSigningKeySecret"
                + " if CallbacksAreSignedWithAKey",
            "xray:PutTraceSegments on *",
            "xray:PutTelemetryRecords on *");
  }

  /** It signs failure notices, and sends no job to the line. */
  @Test
  void dispatchFunctionMayReceiveFromTheLineSendToTheOtherQueuesAndCallTheUpstream() {
    assertThat(privileges.of("DispatchFunction"))
        .containsExactlyInAnyOrder(
            "logs:CreateLogStream on DispatchLogs.Arn",
            "logs:PutLogEvents on DispatchLogs.Arn",
            "sqs:ReceiveMessage on LineQueue.Arn",
            "sqs:DeleteMessage on LineQueue.Arn",
            "sqs:ChangeMessageVisibility on LineQueue.Arn",
            "sqs:GetQueueAttributes on LineQueue.Arn",
            "sqs:SendMessage on RetryQueue.Arn",
            "sqs:SendMessage on CallbackQueue.Arn",
            "sqs:SendMessage on DeadLetterQueue.Arn",
            "dynamodb:GetItem on RateLimitTable.Arn",
            "dynamodb:PutItem on RateLimitTable.Arn",
            "dynamodb:UpdateItem on RateLimitTable.Arn",
            "dynamodb:GetItem on JobTable.Arn if JobsHaveRecords",
            "dynamodb:UpdateItem on JobTable.Arn if JobsHaveRecords",
            "secretsmanager:GetSecretValue on CryptoClientApiKeySecret",
            "secretsmanager:GetSecretValue on CallbackSigningSecret if CallbacksAreSigned",
            "secretsmanager:GetSecretValue on CallbackSigningKeySecret"
                + " if CallbacksAreSignedWithAKey",
            "xray:PutTraceSegments on *",
            "xray:PutTelemetryRecords on *");
  }

  @Test
  void theDeploymentCheckMayInvokeBothFunctionsAndReportTheResult() {
    assertThat(privileges.of("DeploymentCheckFunction"))
        .containsExactlyInAnyOrder(
            "logs:CreateLogStream on DeploymentCheckLogs.Arn",
            "logs:PutLogEvents on DeploymentCheckLogs.Arn",
            "lambda:InvokeFunction on ${SignFunction.Arn}:*",
            "lambda:InvokeFunction on ${RetryFunction.Arn}:*",
            "codedeploy:PutLifecycleEventHookExecutionStatus on"
                + " arn:${AWS::Partition}:codedeploy:${AWS::Region}:${AWS::AccountId}"
                + ":deploymentgroup:*");
  }

  @Test
  void codeDeployMayShiftTheTrafficOfBothFunctionsAndRunTheCheck() {
    assertThat(privileges.ofRole("DeploymentRole"))
        .containsExactlyInAnyOrder(
            "lambda:GetAlias on SignFunction.Arn",
            "lambda:GetAlias on ${SignFunction.Arn}:live",
            "lambda:GetAlias on RetryFunction.Arn",
            "lambda:GetAlias on ${RetryFunction.Arn}:live",
            "lambda:UpdateAlias on SignFunction.Arn",
            "lambda:UpdateAlias on ${SignFunction.Arn}:live",
            "lambda:UpdateAlias on RetryFunction.Arn",
            "lambda:UpdateAlias on ${RetryFunction.Arn}:live",
            "lambda:GetProvisionedConcurrencyConfig on SignFunction.Arn",
            "lambda:GetProvisionedConcurrencyConfig on ${SignFunction.Arn}:live",
            "lambda:GetProvisionedConcurrencyConfig on RetryFunction.Arn",
            "lambda:GetProvisionedConcurrencyConfig on ${RetryFunction.Arn}:live",
            "lambda:InvokeFunction on DeploymentCheckFunction.Arn",
            "cloudwatch:DescribeAlarms on *");
  }

  @Test
  void everyFunctionHasItsOwnRoleCodeDeployHasOneAndThereAreNoOthers() {
    List<String> functions = privileges.resources("AWS::Serverless::Function");
    List<String> roles =
        new ArrayList<>(
            Stream.concat(functions.stream(), Stream.of("DeploymentCheckFunction"))
                .map(privileges::role)
                .toList());

    assertThat(functions)
        .containsExactlyInAnyOrder("SignFunction", "RetryFunction", "DispatchFunction");
    assertThat(roles).doesNotHaveDuplicates();
    roles.add("DeploymentRole");
    assertThat(roles).containsExactlyInAnyOrderElementsOf(privileges.resources("AWS::IAM::"));
    assertThat(privileges.resources("AWS::Lambda::")).containsExactly("DeploymentCheckFunction");
  }

  /** A managed policy would contain further privileges, and could change at any time. */
  @ParameterizedTest
  @CsvSource({
    "SignRole, lambda",
    "RetryRole, lambda",
    "DispatchRole, lambda",
    "DeploymentCheckRole, lambda",
    "DeploymentRole, codedeploy"
  })
  void onlyOneServiceMayAssumeARoleAndItHasNoManagedPolicy(String role, String service) {
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
                        "Principal", Map.of("Service", service + ".amazonaws.com"),
                        "Action", "sts:AssumeRole"))));
  }

  /** They allow writing traces anywhere in the account, and reading none. */
  @ParameterizedTest
  @ValueSource(strings = {"SignFunction", "RetryFunction", "DispatchFunction"})
  void onlyTracingPrivilegesUseAWildcard(String function) {
    assertThat(privileges.of(function))
        .filteredOn(privilege -> privilege.contains("*"))
        .containsExactlyInAnyOrder("xray:PutTraceSegments on *", "xray:PutTelemetryRecords on *");
    assertThat(template.properties(privileges.role(function)).toString()).containsOnlyOnce("*");
  }

  @Test
  void everyFunctionWritesTraces() {
    assertThat(map(map(template.root().get("Globals")).get("Function")))
        .containsEntry("Tracing", "Active");
    assertThat(privileges.resources("AWS::Serverless::Function"))
        .allSatisfy(
            function -> assertThat(template.properties(function)).doesNotContainKey("Tracing"));
  }

  /** SAM would expand these properties to privileges that are not in the template. */
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

  /** SAM adds a role for a schedule, which may only invoke the schedule's function. */
  @Test
  void theEventsAddNoOtherRole() {
    Map<String, List<String>> types = new HashMap<>();
    for (String function : privileges.resources("AWS::Serverless::Function")) {
      types.put(
          function,
          map(template.properties(function).get("Events")).values().stream()
              .map(event -> (String) map(event).get("Type"))
              .toList());
    }

    assertThat(types)
        .isEqualTo(
            Map.of(
                "SignFunction", List.of("HttpApi", "HttpApi", "HttpApi", "HttpApi", "ScheduleV2"),
                "RetryFunction", List.of("SQS", "SQS", "ScheduleV2"),
                "DispatchFunction", List.of("ScheduleV2")));
  }

  /** Without an allowing resource policy, only identities of the account have access. */
  @Test
  void noResourcePolicyAllowsAnything() {
    assertThat(template.resources().values())
        .allSatisfy(
            resource -> {
              Map<String, Object> properties = map(map(resource).get("Properties"));
              assertThat((String) map(resource).get("Type")).doesNotEndWith("Permission");
              assertThat(properties).doesNotContainKeys("ResourcePolicy", "FunctionUrlConfig");
              if (((String) map(resource).get("Type")).endsWith("Policy")) {
                List<?> statements =
                    (List<?>) map(properties.get("PolicyDocument")).get("Statement");
                assertThat(statements)
                    .isNotEmpty()
                    .allSatisfy(s -> assertThat(map(s)).containsEntry("Effect", "Deny"));
              }
            });
  }
}
