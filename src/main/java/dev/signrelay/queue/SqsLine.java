package dev.signrelay.queue;

import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.SENT_TIMESTAMP;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES;

import dev.signrelay.aws.DeadlineCall;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;
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

  /** How often the removal or the release of a message is tried. */
  private static final int TRIES = 2;

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
    boolean redriven =
        ReceivedMessage.isRedriven(
            sentAt == null ? null : sentAt.stringValue(), message.attributes().get(SENT_TIMESTAMP));
    return new ReceivedMessage(
        message.messageId(), message.receiptHandle(), message.body(), redriven);
  }

  @Override
  public void remove(List<ReceivedMessage> messages, Duration timeout) {
    confirm(
        messages,
        timeout,
        (client, batch) -> {
          List<DeleteMessageBatchRequestEntry> entries =
              entries(
                  batch,
                  (id, receipt) ->
                      DeleteMessageBatchRequestEntry.builder()
                          .id(id)
                          .receiptHandle(receipt)
                          .build());
          return client
              .deleteMessageBatch(d -> d.queueUrl(url).entries(entries))
              .successful()
              .stream()
              .map(DeleteMessageBatchResultEntry::id);
        });
  }

  /** A message whose receipt SQS refuses is not held any more. */
  @Override
  public void release(List<ReceivedMessage> messages, Duration timeout) {
    confirm(
        messages,
        timeout,
        (client, batch) -> {
          List<ChangeMessageVisibilityBatchRequestEntry> entries =
              entries(
                  batch,
                  (id, receipt) ->
                      ChangeMessageVisibilityBatchRequestEntry.builder()
                          .id(id)
                          .receiptHandle(receipt)
                          .visibilityTimeout(0)
                          .build());
          ChangeMessageVisibilityBatchResponse response =
              client.changeMessageVisibilityBatch(c -> c.queueUrl(url).entries(entries));
          return Stream.concat(
              response.successful().stream().map(ChangeMessageVisibilityBatchResultEntry::id),
              response.failed().stream()
                  .filter(BatchResultErrorEntry::senderFault)
                  .map(BatchResultErrorEntry::id));
        });
  }

  /**
   * Tries once more what SQS did not confirm. It answers a request whose messages fail with 200, so
   * that the SDK does not repeat it.
   *
   * @param request returns the ids of the entries that are done
   */
  private void confirm(
      List<ReceivedMessage> messages,
      Duration timeout,
      BiFunction<SqsClient, List<ReceivedMessage>, Stream<String>> request) {
    Instant deadline = sqs.time().instant().plus(timeout);
    List<ReceivedMessage> open = messages;
    for (int tries = 0; tries < TRIES && !open.isEmpty(); tries++) {
      List<ReceivedMessage> batch = open;
      Set<String> done =
          sqs.within(
              sqs.time().until(deadline),
              client -> request.apply(client, batch).collect(Collectors.toSet()));
      open =
          IntStream.range(0, batch.size())
              .filter(i -> !done.contains(Integer.toString(i)))
              .mapToObj(batch::get)
              .toList();
    }
    if (!open.isEmpty()) {
      throw new QueueUnavailableException(
          "the queue refused messages", new IllegalStateException());
    }
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
