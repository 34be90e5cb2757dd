package dev.signrelay.ops;

import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE;

import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The approximate numbers of messages in a queue.
 *
 * @param visible those that can be received
 * @param inFlight those that a reader has received
 */
public record QueueCounts(int visible, int delayed, int inFlight) {

  public static QueueCounts of(SqsClient sqs, String url) {
    Map<QueueAttributeName, String> counts =
        sqs.getQueueAttributes(
                g ->
                    g.queueUrl(url)
                        .attributeNames(
                            APPROXIMATE_NUMBER_OF_MESSAGES,
                            APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED,
                            APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
            .attributes();
    return new QueueCounts(
        count(counts, APPROXIMATE_NUMBER_OF_MESSAGES),
        count(counts, APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED),
        count(counts, APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
  }

  private static int count(Map<QueueAttributeName, String> counts, QueueAttributeName name) {
    String count = counts.get(name);
    if (count == null) {
      throw new OpsException("SQS did not return " + name + " of a queue. Try again.");
    }
    return Integer.parseInt(count);
  }

  public int total() {
    return visible + delayed + inFlight;
  }
}
