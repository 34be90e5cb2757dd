package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.ALL;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.QUEUE_ARN;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.REDRIVE_POLICY;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.VISIBILITY_TIMEOUT;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The queues of the local SQS server, which ignores retention periods. */
final class TemplateQueuesIT {

  private final Template template = Template.read();

  @Test
  void theQueuesAreThoseOfTheTemplate() throws Exception {
    try (var server = new QueueServer("127.0.0.1", 0, template, null)) {
      assertThat(server.queues().urls())
          .containsOnlyKeys("RetryQueue", "CallbackQueue", "LineQueue", "DeadLetterQueue");
      String deadLetters = attributes(server, "DeadLetterQueue").get(QUEUE_ARN);
      for (String queue : server.queues().urls().keySet()) {
        Map<String, Object> properties = template.properties(queue);
        Map<QueueAttributeName, String> attributes = attributes(server, queue);
        requireSame(attributes, VISIBILITY_TIMEOUT, properties);
        if (properties.containsKey("RedrivePolicy")) {
          var policy = JsonTree.read(attributes.get(REDRIVE_POLICY));
          assertThat(policy.path("deadLetterTargetArn").asText()).isEqualTo(deadLetters);
          assertThat(policy.path("maxReceiveCount").asInt())
              .as(queue)
              .isEqualTo(Template.map(properties.get("RedrivePolicy")).get("maxReceiveCount"));
        }
      }
    }
  }

  @Test
  void aShorterVisibilityTimeoutIsThatOfTheQueuesOfRetryFunctionOnly() throws IOException {
    try (var server = new QueueServer("127.0.0.1", 0, template, Duration.ofSeconds(7))) {
      assertThat(attributes(server, "RetryQueue")).containsEntry(VISIBILITY_TIMEOUT, "7");
      assertThat(attributes(server, "CallbackQueue")).containsEntry(VISIBILITY_TIMEOUT, "7");
      requireSame(
          attributes(server, "LineQueue"), VISIBILITY_TIMEOUT, template.properties("LineQueue"));
    }
  }

  private void requireSame(
      Map<QueueAttributeName, String> attributes,
      QueueAttributeName name,
      Map<String, Object> properties) {
    Object expected = properties.get(name.toString());
    if (expected != null) {
      assertThat(attributes).containsEntry(name, Integer.toString(template.integer(expected)));
    }
  }

  private static Map<QueueAttributeName, String> attributes(QueueServer server, String queue) {
    return server
        .client()
        .getQueueAttributes(q -> q.queueUrl(server.queues().url(queue)).attributeNames(ALL))
        .attributes();
  }
}
