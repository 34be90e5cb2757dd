package dev.signrelay.local;

import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.MESSAGE_RETENTION_PERIOD;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.QUEUE_ARN;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.REDRIVE_POLICY;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.VISIBILITY_TIMEOUT;

import dev.signrelay.json.Json;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The URLs of the template's retry queue and dead-letter queue on an SQS server. */
public record TemplateQueues(String retryQueueUrl, String deadLetterQueueUrl) {

  /**
   * @param visibilityTimeout of the retry queue; fractions of a second are dropped
   */
  public static TemplateQueues create(
      SqsClient client, Template template, Duration visibilityTimeout) {
    String deadLetterQueueUrl =
        create(client, "DeadLetterQueue", Map.of(MESSAGE_RETENTION_PERIOD, "1209600"));
    String redrivePolicy =
        Json.write(
            Json.object()
                .put("deadLetterTargetArn", arn(client, deadLetterQueueUrl))
                .put("maxReceiveCount", maxReceiveCount(template.properties("RetryQueue"))));
    String retryQueueUrl =
        create(
            client,
            "RetryQueue",
            Map.of(
                VISIBILITY_TIMEOUT,
                Long.toString(visibilityTimeout.toSeconds()),
                REDRIVE_POLICY,
                redrivePolicy));
    return new TemplateQueues(retryQueueUrl, deadLetterQueueUrl);
  }

  private static int maxReceiveCount(Map<String, Object> queue) {
    return (Integer) Template.map(queue.get("RedrivePolicy")).get("maxReceiveCount");
  }

  private static String create(
      SqsClient client, String name, Map<QueueAttributeName, String> attributes) {
    return client.createQueue(q -> q.queueName(name).attributes(attributes)).queueUrl();
  }

  private static String arn(SqsClient client, String queueUrl) {
    return client
        .getQueueAttributes(q -> q.queueUrl(queueUrl).attributeNames(QUEUE_ARN))
        .attributes()
        .get(QUEUE_ARN);
  }

  /** The values of the template's {@code Ref}s to the queues. */
  public Map<String, String> references() {
    return Map.of("RetryQueue", retryQueueUrl, "DeadLetterQueue", deadLetterQueueUrl);
  }

  /** The total number of visible, delayed and in-flight messages of a queue. */
  public static int messages(SqsClient client, String queueUrl) {
    return counts(client, queueUrl).values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The numbers of visible, delayed and in-flight messages of a queue. */
  public static Map<QueueAttributeName, Integer> counts(SqsClient client, String queueUrl) {
    var counts = new EnumMap<QueueAttributeName, Integer>(QueueAttributeName.class);
    client
        .getQueueAttributes(
            q ->
                q.queueUrl(queueUrl)
                    .attributeNames(
                        APPROXIMATE_NUMBER_OF_MESSAGES,
                        APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED,
                        APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .attributes()
        .forEach((name, value) -> counts.put(name, Integer.valueOf(value)));
    return counts;
  }
}
