package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each function has the privileges that it needs, and no others. */
final class PrivilegesTest {

  private static final Template TEMPLATE = Template.read();
  private static final Pattern SECRET = Pattern.compile("[A-Za-z]+Secret\\b");

  /**
   * By role, with a line for each statement. In CloudFormation, the ARN of a log group includes its
   * streams. Lambda receives and deletes messages with the function's role. X-Ray's actions support
   * no resource (Service Authorization Reference, "AWS X-Ray"); they allow writing traces anywhere
   * in the account, and reading none.
   */
  private static final Map<String, String> PRIVILEGES =
      Map.of(
          "SignRole",
          """
          logs:CreateLogStream, logs:PutLogEvents on SignLogs.Arn
          xray:PutTraceSegments, xray:PutTelemetryRecords on *
          sqs:SendMessage on RetryQueue.Arn, LineQueue.Arn, DeadLetterQueue.Arn
          dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem on RateLimitTable.Arn
          dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem on JobTable.Arn if JobsHaveRecords
          secretsmanager:GetSecretValue on CryptoClientApiKeySecret, \
          (ClientApiKeysSecret if ClientsNeedKeys)
          """,
          "RetryRole",
          """
          logs:CreateLogStream, logs:PutLogEvents on RetryLogs.Arn
          xray:PutTraceSegments, xray:PutTelemetryRecords on *
          sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes on \
          RetryQueue.Arn, CallbackQueue.Arn
          sqs:SendMessage on RetryQueue.Arn, CallbackQueue.Arn, LineQueue.Arn, DeadLetterQueue.Arn
          dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem on RateLimitTable.Arn
          dynamodb:GetItem, dynamodb:UpdateItem on JobTable.Arn if JobsHaveRecords
          secretsmanager:GetSecretValue on CryptoClientApiKeySecret, \
          (CallbackSigningSecret if CallbacksAreSigned), \
          (CallbackSigningKeySecret if CallbacksAreSignedWithAKey)
          """,
          // It signs failure notices, and sends no job to the line.
          "DispatchRole",
          """
          logs:CreateLogStream, logs:PutLogEvents on DispatchLogs.Arn
          xray:PutTraceSegments, xray:PutTelemetryRecords on *
          sqs:ReceiveMessage, sqs:DeleteMessage, sqs:ChangeMessageVisibility, \
          sqs:GetQueueAttributes on LineQueue.Arn
          sqs:SendMessage on RetryQueue.Arn, CallbackQueue.Arn, DeadLetterQueue.Arn
          dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem on RateLimitTable.Arn
          dynamodb:UpdateItem on JobTable.Arn if JobsHaveRecords
          secretsmanager:GetSecretValue on CryptoClientApiKeySecret, \
          (CallbackSigningSecret if CallbacksAreSigned), \
          (CallbackSigningKeySecret if CallbacksAreSignedWithAKey)
          """,
          "DeploymentCheckRole",
          """
          logs:CreateLogStream, logs:PutLogEvents on DeploymentCheckLogs.Arn
          lambda:InvokeFunction on ${SignFunction.Arn}:*, ${RetryFunction.Arn}:*
          codedeploy:PutLifecycleEventHookExecutionStatus on \
          arn:${AWS::Partition}:codedeploy:${AWS::Region}:${AWS::AccountId}:deploymentgroup:*
          """,
          // Of CodeDeploy. The last line is as in AWS's managed policy AWSCodeDeployRoleForLambda.
          "DeploymentRole",
          """
          lambda:GetAlias, lambda:UpdateAlias, lambda:GetProvisionedConcurrencyConfig on \
          SignFunction.Arn, ${SignFunction.Arn}:live, RetryFunction.Arn, ${RetryFunction.Arn}:live
          lambda:InvokeFunction on DeploymentCheckFunction.Arn
          cloudwatch:DescribeAlarms on *
          """);

  static List<String> roles() {
    return resources("AWS::IAM::");
  }

  /** The names of the resources whose type starts with a prefix. */
  private static List<String> resources(String type) {
    return TEMPLATE.resources().entrySet().stream()
        .filter(resource -> ((String) map(resource.getValue()).get("Type")).startsWith(type))
        .map(Map.Entry::getKey)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("roles")
  void aRoleHasThePrivilegesThatItNeedsAndNoOthers(String role) {
    assertThat(privileges(role)).isEqualTo(PRIVILEGES.get(role));
  }

  @Test
  void everyFunctionHasItsOwnRoleCodeDeployHasOneAndThereAreNoOthers() {
    assertThat(resources("AWS::Serverless::Function"))
        .containsExactly("SignFunction", "RetryFunction", "DispatchFunction");
    assertThat(resources("AWS::Lambda::")).containsExactly("DeploymentCheckFunction");
    assertThat(resources("AWS::"))
        .filteredOn(name -> name.endsWith("Function"))
        .hasSize(4)
        .allSatisfy(
            function ->
                assertThat(TEMPLATE.properties(function))
                    .containsEntry(
                        "Role", Map.of("Fn::GetAtt", function.replace("Function", "Role.Arn"))));
    assertThat(roles()).containsExactlyInAnyOrderElementsOf(PRIVILEGES.keySet());
  }

  /** A managed policy would contain further privileges, and could change at any time. */
  @ParameterizedTest
  @MethodSource("roles")
  void onlyOneServiceMayAssumeARoleAndItHasNoManagedPolicy(String role) {
    String service = role.equals("DeploymentRole") ? "codedeploy" : "lambda";

    assertThat(TEMPLATE.properties(role)).containsOnlyKeys("AssumeRolePolicyDocument", "Policies");
    assertThat(map(TEMPLATE.properties(role).get("AssumeRolePolicyDocument")).get("Statement"))
        .isEqualTo(
            List.of(
                Map.of(
                    "Effect", "Allow",
                    "Principal", Map.of("Service", service + ".amazonaws.com"),
                    "Action", "sts:AssumeRole")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sign", "Retry", "Dispatch"})
  void aFunctionKnowsTheArnsOfTheSecretsThatItMayRead(String name) {
    Map<String, Object> environment =
        map(TEMPLATE.properties(name + "Function").get("Environment"));
    Stream<Object> known =
        map(environment.get("Variables")).entrySet().stream()
            .filter(variable -> variable.getKey().endsWith("_ARN"))
            .map(variable -> map(variable.getValue()).get("Ref"));

    assertThat(known)
        .containsExactlyInAnyOrderElementsOf(
            SECRET.matcher(privileges(name + "Role")).results().map(MatchResult::group).toList());
  }

  /** SAM would expand these properties to privileges that are not in the template. */
  @Test
  void samAddsNoPrivilege() {
    Map<String, Object> globals = map(map(TEMPLATE.root().get("Globals")).get("Function"));
    assertThat(globals).doesNotContainKeys("Role", "Policies", "Connectors");
    assertThat(TEMPLATE.resources().values())
        .allSatisfy(resource -> assertThat(map(resource)).doesNotContainKey("Connectors"));
    assertThat(resources("AWS::Serverless::Connector")).isEmpty();
    assertThat(resources("AWS::Serverless::Function"))
        .allSatisfy(
            function -> assertThat(TEMPLATE.properties(function)).doesNotContainKey("Policies"));
  }

  /** SAM adds a role for a schedule, which may only invoke the schedule's function. */
  @Test
  void theEventsAddNoOtherRole() {
    assertThat(resources("AWS::Serverless::Function"))
        .flatExtracting(function -> map(TEMPLATE.properties(function).get("Events")).values())
        .extracting(event -> map(event).get("Type"))
        .containsOnly("HttpApi", "SQS", "ScheduleV2");
  }

  /** Without an allowing resource policy, only identities of the account have access. */
  @Test
  void noResourcePolicyAllowsAnything() {
    for (Object resource : TEMPLATE.resources().values()) {
      String type = (String) map(resource).get("Type");
      Map<String, Object> properties = map(map(resource).get("Properties"));
      assertThat(type).doesNotEndWith("Permission");
      assertThat(properties).doesNotContainKeys("ResourcePolicy", "FunctionUrlConfig");
      if (type.endsWith("Policy")) {
        assertThat((List<?>) map(properties.get("PolicyDocument")).get("Statement"))
            .isNotEmpty()
            .allSatisfy(s -> assertThat(map(s)).containsEntry("Effect", "Deny"));
      }
    }
  }

  /**
   * The privileges of a role. Any other form of a policy, such as one with a condition, is an
   * error, so that no privilege is overlooked.
   */
  private static String privileges(String role) {
    return ((List<?>) TEMPLATE.properties(role).get("Policies"))
        .stream()
            .flatMap(PrivilegesTest::statements)
            .map(statement -> statement + "\n")
            .collect(joining());
  }

  /** The statements of a policy, or of one that exists under a condition. */
  private static Stream<String> statements(Object policy) {
    if (map(policy).get("Fn::If") instanceof List<?> choice) {
      return statements(choice.get(1)).map(statement -> statement + onlyIf(choice));
    }
    assertThat(map(policy)).containsOnlyKeys("PolicyName", "PolicyDocument");
    return listed(map(map(policy).get("PolicyDocument")).get("Statement"))
        .map(statement -> statement(map(statement)));
  }

  private static String statement(Map<String, Object> statement) {
    assertThat(statement)
        .containsOnlyKeys("Effect", "Action", "Resource")
        .containsEntry("Effect", "Allow");
    return joined(statement.get("Action"), String.class::cast)
        + " on "
        + joined(statement.get("Resource"), PrivilegesTest::resource);
  }

  private static String joined(Object oneOrSeveral, Function<Object, String> text) {
    return listed(oneOrSeveral).map(text).collect(joining(", "));
  }

  /** IAM accepts a single value or a list. */
  private static Stream<?> listed(Object oneOrSeveral) {
    return oneOrSeveral instanceof List<?> several ? several.stream() : Stream.of(oneOrSeveral);
  }

  private static String resource(Object resource) {
    if (resource instanceof String text) {
      return text;
    }
    Map.Entry<String, Object> intrinsic = map(resource).entrySet().iterator().next();
    return switch (intrinsic.getKey()) {
      case "Fn::GetAtt", "Fn::Sub", "Ref" -> (String) intrinsic.getValue();
      case "Fn::If" -> {
        List<?> choice = (List<?>) intrinsic.getValue();
        yield "(" + resource(choice.get(1)) + onlyIf(choice) + ")";
      }
      default -> throw new AssertionError("not a resource of the template: " + resource);
    };
  }

  private static String onlyIf(List<?> choice) {
    assertThat(choice.get(2)).isEqualTo(Map.of("Ref", "AWS::NoValue"));
    return " if " + choice.getFirst();
  }
}
