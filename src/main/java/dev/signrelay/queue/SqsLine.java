package dev.signrelay.queue;

import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.SENT_TIMESTAMP;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES;

import dev.signrelay.aws.DeadlineCall;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** The line as a standard queue of Amazon SQS. */
public final class SqsLine implements Line {

  /**
   * The shortest long poll. It asks all servers of the queue. A short poll asks some of them, and
   * may return no message although there are some (Amazon SQS developer guide, "Short and long
   * polling").
   */
  private static final int LONG_POLL_SECONDS = 1;

  private final DeadlineCall<SqsClient> sqs;
  private final String url;

  public SqsLine(Supplier<SqsClient> client, String url, TimeSource time) {
    this.sqs = new DeadlineCall<>(client, time, "the queue", QueueUnavailableException::new);
    this.url = url;
  }

  @Override
  public long length(Duration timeout) {
    return sqs.within(
        timeout,
        client ->
            Long.parseLong(
                client
                    .getQueueAttributes(
                        g -> g.queueUrl(url).attributeNames(APPROXIMATE_NUMBER_OF_MESSAGES))
                    .attributes()
                    .get(APPROXIMATE_NUMBER_OF_MESSAGES)));
  }

  @Override
  public List<ReceivedMessage> receive(int max, Duration hold, Duration timeout) {
    return sqs.within(
        timeout,
        client ->
            client
                .receiveMessage(
                    r ->
                        r.queueUrl(url)
                            .maxNumberOfMessages(max)
                            .waitTimeSeconds(LONG_POLL_SECONDS)
                            .visibilityTimeout(Math.toIntExact(hold.toSeconds()))
                            .messageAttributeNames(ReceivedMessage.SENT_AT)
                            .messageSystemAttributeNames(SENT_TIMESTAMP))
                .messages()
                .stream()
                .map(SqsLine::received)
                .toList());
  }

  private static ReceivedMessage received(Message message) {
    MessageAttributeValue sentAt = message.messageAttributes().get(ReceivedMessage.SENT_AT);
    return ReceivedMessage.of(
        message.messageId(),
        message.receiptHandle(),
        message.body(),
        sentAt == null ? null : sentAt.stringValue(),
        message.attributes().get(SENT_TIMESTAMP));
  }

  /** A message that SQS fails to delete is received again, and its job is then handled twice. */
  @Override
  public void remove(List<ReceivedMessage> messages, Duration timeout) {
    List<DeleteMessageBatchRequestEntry> entries =
        entries(
            messages,
            (id, receipt) ->
                DeleteMessageBatchRequestEntry.builder().id(id).receiptHandle(receipt).build());
    var _ =
        sqs.within(
            timeout, client -> client.deleteMessageBatch(d -> d.queueUrl(url).entries(entries)));
  }

  @Override
  public void release(List<ReceivedMessage> messages, Duration timeout) {
    List<ChangeMessageVisibilityBatchRequestEntry> entries =
        entries(
            messages,
            (id, receipt) ->
                ChangeMessageVisibilityBatchRequestEntry.builder()
                    .id(id)
                    .receiptHandle(receipt)
                    .visibilityTimeout(0)
                    .build());
    var _ =
        sqs.within(
            timeout,
            client -> client.changeMessageVisibilityBatch(c -> c.queueUrl(url).entries(entries)));
  }

  /**
   * @param entry creates the entry of a message from an id in the request and its receipt
   */
  private static <E> List<E> entries(
      List<ReceivedMessage> messages, BiFunction<String, String, E> entry) {
    return IntStream.range(0, messages.size())
        .mapToObj(i -> entry.apply(Integer.toString(i), messages.get(i).receipt()))
        .toList();
  }
}
