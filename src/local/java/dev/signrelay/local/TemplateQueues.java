package dev.signrelay.local;

import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.MESSAGE_RETENTION_PERIOD;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.QUEUE_ARN;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.REDRIVE_POLICY;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.VISIBILITY_TIMEOUT;

import dev.signrelay.json.Json;
import dev.signrelay.ops.QueueCounts;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The template's queues on an SQS server.
 *
 * @param urls by logical ID
 */
public record TemplateQueues(Map<String, String> urls) {

  private static final String RETRY = "RetryQueue";
  private static final String DEAD_LETTER = "DeadLetterQueue";

  /**
   * Creates the queues with the visibility timeouts, retention periods and redrive policies of the
   * template.
   *
   * @param visibilityTimeout of the queues that invoke RetryFunction; fractions of a second are
   *     dropped; null: the template's
   */
  public static TemplateQueues create(
      SqsClient client, Template template, @Nullable Duration visibilityTimeout) {
    var urls = new LinkedHashMap<String, String>();
    // A redrive policy needs the ARN of its target.
    urls.put(DEAD_LETTER, create(client, template, DEAD_LETTER, Map.of()));
    String deadLetterArn = arn(client, urls.get(DEAD_LETTER));
    for (String name : template.resources().keySet()) {
      if (template.isQueue(name) && !name.equals(DEAD_LETTER)) {
        var redrive = Map.of(REDRIVE_POLICY, redrivePolicy(template, name, deadLetterArn));
        urls.put(name, create(client, template, name, redrive));
      }
    }
    if (visibilityTimeout != null) {
      var seconds = Map.of(VISIBILITY_TIMEOUT, Long.toString(visibilityTimeout.toSeconds()));
      for (SqsTrigger trigger : SqsTrigger.of(template, "RetryFunction")) {
        client.setQueueAttributes(q -> q.queueUrl(urls.get(trigger.queue())).attributes(seconds));
      }
    }
    return new TemplateQueues(urls);
  }

  private static String redrivePolicy(Template template, String name, String deadLetterArn) {
    Map<String, Object> policy = Template.map(template.properties(name).get("RedrivePolicy"));
    return Json.write(
        Json.object()
            .put("deadLetterTargetArn", deadLetterArn)
            .put("maxReceiveCount", template.integer(policy.get("maxReceiveCount"))));
  }

  private static String create(
      SqsClient client,
      Template template,
      String name,
      Map<QueueAttributeName, String> redrivePolicy) {
    var attributes = new EnumMap<QueueAttributeName, String>(QueueAttributeName.class);
    attributes.putAll(redrivePolicy);
    for (var attribute : List.of(VISIBILITY_TIMEOUT, MESSAGE_RETENTION_PERIOD)) {
      Object value = template.properties(name).get(attribute.toString());
      if (value != null) {
        attributes.put(attribute, Integer.toString(template.integer(value)));
      }
    }
    return client.createQueue(q -> q.queueName(name).attributes(attributes)).queueUrl();
  }

  private static String arn(SqsClient client, String queueUrl) {
    return client
        .getQueueAttributes(q -> q.queueUrl(queueUrl).attributeNames(QUEUE_ARN))
        .attributes()
        .get(QUEUE_ARN);
  }

  public String retryQueueUrl() {
    return url(RETRY);
  }

  public String callbackQueueUrl() {
    return url("CallbackQueue");
  }

  public String lineQueueUrl() {
    return url("LineQueue");
  }

  public String deadLetterQueueUrl() {
    return url(DEAD_LETTER);
  }

  /**
   * @param queue a logical ID, which must exist
   */
  public String url(String queue) {
    return urls.get(queue);
  }

  /** The values of the template's {@code Ref}s to the queues. */
  public Map<String, String> references() {
    return Map.copyOf(urls);
  }

  /** The total number of jobs that have not ended: messages in all queues but the dead letters. */
  public int jobs(SqsClient client) {
    return urls.entrySet().stream()
        .filter(queue -> !queue.getKey().equals(DEAD_LETTER))
        .mapToInt(queue -> QueueCounts.of(client, queue.getValue()).total())
        .sum();
  }
}
