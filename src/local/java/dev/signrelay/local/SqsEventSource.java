package dev.signrelay.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Emulates Lambda's event source mapping between a queue and a function: receives batches, invokes
 * the function and deletes the records that did not fail. Failed records become visible again after
 * the visibility timeout. If an invocation throws, or reports a record that is not in its batch,
 * the whole batch fails (AWS Lambda developer guide, "Handling errors for an SQS event source").
 *
 * <p>One thread receives, and each invocation has its own. While all invocations are in progress,
 * nothing is received.
 */
public final class SqsEventSource implements AutoCloseable {

  private static final int LONG_POLL_SECONDS = 1;

  /** Limits the polling rate while the queue server is unavailable. */
  private static final Duration AFTER_AN_ERROR = Duration.ofMillis(200);

  private final SqsClient sqs;
  private final String queueUrl;
  private final LambdaFunction function;
  private final int batchSize;
  private final Semaphore free;
  private final ExecutorService invocations = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread receiver;
  private volatile boolean closed;

  /**
   * @param batchSize the maximum number of messages per invocation, at most 10
   * @param concurrency the maximum number of concurrent invocations
   */
  public SqsEventSource(
      SqsClient sqs, String queueUrl, LambdaFunction function, int batchSize, int concurrency) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    this.function = function;
    this.batchSize = batchSize;
    this.free = new Semaphore(concurrency);
    this.receiver = Thread.startVirtualThread(this::run);
  }

  private void run() {
    while (!closed) {
      free.acquireUninterruptibly();
      List<Message> batch = closed ? List.of() : receive();
      if (batch.isEmpty()) {
        free.release();
      } else {
        invocations.execute(() -> handle(batch));
      }
    }
  }

  /** Returns the next batch, or nothing after a while. */
  private List<Message> receive() {
    try {
      return sqs.receiveMessage(
              r ->
                  r.queueUrl(queueUrl)
                      .maxNumberOfMessages(batchSize)
                      .waitTimeSeconds(LONG_POLL_SECONDS)
                      .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                      .messageAttributeNames("All"))
          .messages();
    } catch (SdkException | IllegalStateException e) { // the latter: the client was closed
      reportUnavailable(e);
      return List.of();
    }
  }

  private void reportUnavailable(RuntimeException e) {
    if (!closed) {
      System.err.println("The queue server is unavailable: " + e.getMessage());
      LockSupport.parkNanos(AFTER_AN_ERROR.toNanos());
    }
  }

  private void handle(List<Message> batch) {
    try {
      delete(batch, failed(batch));
    } catch (SdkException | IllegalStateException e) { // the latter: the client was closed
      reportUnavailable(e);
    } finally {
      free.release();
    }
  }

  private void delete(List<Message> batch, Set<String> failed) {
    List<DeleteMessageBatchRequestEntry> done =
        batch.stream()
            .filter(m -> !failed.contains(m.messageId()))
            .map(
                m ->
                    DeleteMessageBatchRequestEntry.builder()
                        .id(m.messageId())
                        .receiptHandle(m.receiptHandle())
                        .build())
            .toList();
    if (!done.isEmpty()) {
      sqs.deleteMessageBatch(d -> d.queueUrl(queueUrl).entries(done))
          .failed()
          .forEach(left -> System.err.println("A message was not deleted: " + left.code()));
    }
  }

  private Set<String> failed(List<Message> batch) {
    Set<String> all = new HashSet<>(batch.stream().map(Message::messageId).toList());
    try {
      Set<String> failed = new HashSet<>();
      for (JsonNode failure : function.invoke(Json.write(event(batch))).path("batchItemFailures")) {
        failed.add(failure.path("itemIdentifier").asText());
      }
      return all.containsAll(failed) ? failed : all;
    } catch (RuntimeException e) {
      e.printStackTrace();
      return all;
    }
  }

  private ObjectNode event(List<Message> batch) {
    String arn =
        "arn:aws:sqs:us-east-1:000000000000:" + queueUrl.substring(queueUrl.lastIndexOf('/') + 1);
    ObjectNode event = Json.object();
    ArrayNode records = event.putArray("Records");
    for (Message message : batch) {
      ObjectNode json =
          records
              .addObject()
              .put("messageId", message.messageId())
              .put("receiptHandle", message.receiptHandle())
              .put("body", message.body())
              .put("md5OfBody", message.md5OfBody())
              .put("eventSource", "aws:sqs")
              .put("eventSourceARN", arn)
              .put("awsRegion", "us-east-1");
      ObjectNode attributes = json.putObject("attributes");
      message.attributesAsStrings().forEach(attributes::put);
      ObjectNode messageAttributes = json.putObject("messageAttributes");
      message
          .messageAttributes()
          .forEach(
              (name, value) ->
                  messageAttributes
                      .putObject(name)
                      .put("stringValue", value.stringValue())
                      .put("dataType", value.dataType()));
    }
    return event;
  }

  /** Stops receiving, without waiting. */
  void stop() {
    closed = true;
  }

  /** Stops receiving and waits for invocations in progress. */
  @Override
  public void close() {
    stop();
    try {
      var _ = receiver.join(function.timeout());
      invocations.shutdown();
      if (!invocations.awaitTermination(function.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        invocations.shutdownNow();
      }
    } catch (InterruptedException _) {
      invocations.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
