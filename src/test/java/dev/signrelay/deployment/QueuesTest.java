package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a deployment keeps, and who may use the queues. */
final class QueuesTest {

  private static final Template TEMPLATE = Template.read();
  private static final String ARN = "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:";
  private static final Map<String, Object> STACK_ID =
      Map.of(
          "Id",
          Map.of(
              "Fn::Select",
              List.of(2, Map.of("Fn::Split", List.of("/", Map.of("Ref", "AWS::StackId"))))));

  static List<String> queues() {
    return TEMPLATE.resources().keySet().stream().filter(TEMPLATE::isQueue).toList();
  }

  static List<String> sources() {
    return queues().stream().filter(queue -> !queue.equals("DeadLetterQueue")).toList();
  }

  /** A queue of a first deployment that fails is empty, and is deleted. */
  @ParameterizedTest
  @MethodSource("queues")
  void aQueueIsKeptWithItsJobsWhenTheStackIsDeletedOrTheQueueIsReplaced(String queue) {
    assertThat(map(TEMPLATE.resources().get(queue)))
        .containsEntry("DeletionPolicy", "RetainExceptOnCreate")
        .containsEntry("UpdateReplacePolicy", "Retain");
  }

  /** With {@code RetainExceptOnCreate}, the logs that say why would be deleted. */
  @ParameterizedTest
  @ValueSource(strings = {"SignLogs", "RetryLogs", "DispatchLogs", "DeploymentCheckLogs"})
  void theLogsOfTheFunctionsSurviveAFirstDeploymentThatFails(String logs) {
    assertThat(map(TEMPLATE.resources().get(logs)))
        .containsEntry("DeletionPolicy", "Retain")
        .containsEntry("UpdateReplacePolicy", "Retain");
    assertThat(TEMPLATE.properties(logs)).doesNotContainKey("LogGroupName");
  }

  /** A resource that is kept and has a name of its own prevents another stack of the same name. */
  @Test
  void whatHasANameThatIsTheSameInEveryStackOfANameIsNotKept() {
    assertThat(TEMPLATE.properties("ApiLogs")).containsKey("LogGroupName");
    assertThat(map(TEMPLATE.resources().get("ApiLogs"))).containsEntry("DeletionPolicy", "Delete");
  }

  @ParameterizedTest
  @MethodSource("queues")
  void aRequestWithoutTlsIsDenied(String queue) {
    assertThat(TEMPLATE.properties(queue + "Policy"))
        .containsEntry("Queues", List.of(Map.of("Ref", queue)))
        .extractingByKey("PolicyDocument")
        .extracting(document -> map(document).get("Statement"))
        .isEqualTo(
            List.of(
                Map.of(
                    "Effect", "Deny",
                    "Principal", "*",
                    "Action", "sqs:*",
                    "Resource", Map.of("Fn::GetAtt", queue + ".Arn"),
                    "Condition", Map.of("Bool", Map.of("aws:SecureTransport", "false")))));
  }

  /** The list has the names that the queues have, because references would be circular. */
  @Test
  void onlyTheQueuesOfTheStackMayDeadLetterTheirMessages() {
    Map<String, Object> allowed =
        map(TEMPLATE.properties("DeadLetterQueue").get("RedriveAllowPolicy"));

    assertThat(allowed).containsEntry("redrivePermission", "byQueue");
    assertThat((List<?>) allowed.get("sourceQueueArns"))
        .extracting(QueuesTest::substituted)
        .containsExactlyInAnyOrderElementsOf(
            sources().stream()
                .map(queue -> List.<Object>of(ARN + name(queue).get(0), name(queue).get(1)))
                .toList());
  }

  /** So a new stack of the same name has other queues than those that a deleted one has left. */
  @ParameterizedTest
  @MethodSource("sources")
  void theNameOfAQueueIsUniqueToItsStackAndShortEnough(String queue) {
    assertThat(name(queue).get(1)).isEqualTo(STACK_ID);
    assertThat(name(queue).get(0).toString().replace("${Id}", "x".repeat(36)))
        .matches("[A-Za-z0-9_-]{1,80}");
  }

  private static List<Object> name(String queue) {
    return substituted(TEMPLATE.properties(queue).get("QueueName"));
  }

  private static List<Object> substituted(Object sub) {
    return List.copyOf((List<?>) map(sub).get("Fn::Sub"));
  }
}
