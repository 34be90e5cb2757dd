package dev.signrelay.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import java.time.Duration;
import java.util.ArrayList;
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
 * Emulates Lambda's event source mapping between a queue and a function: gathers batches, invokes
 * the function and deletes the records that did not fail. Failed records become visible again after
 * the visibility timeout. If an invocation throws, or reports a record that is not in its batch,
 * the whole batch fails (AWS Lambda developer guide, "Handling errors for an SQS event source").
 *
 * <p>One thread receives, and each invocation has its own. While all invocations are in progress,
 * nothing is received.
 */
public final class SqsEventSource implements AutoCloseable {

  private static final int LONG_POLL_SECONDS = 1;

  /** Between two receives for a batch that is not full. */
  private static final Duration GATHERING_STEP = Duration.ofMillis(50);

  /** Limits the polling rate while the queue server is unavailable. */
  private static final Duration AFTER_AN_ERROR = Duration.ofMillis(200);

  private final SqsClient sqs;
  private final String queueUrl;
  private final LambdaFunction function;
  private final SqsTrigger trigger;
  private final Semaphore free;
  private final ExecutorService invocations = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread receiver;
  private volatile boolean closed;

  /**
   * @param trigger defines the batches and the maximum number of concurrent invocations
   */
  public SqsEventSource(
      SqsClient sqs, String queueUrl, LambdaFunction function, SqsTrigger trigger) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    this.function = function;
    this.trigger = trigger;
    this.free = new Semaphore(trigger.concurrency());
    this.receiver = Thread.startVirtualThread(this::run);
  }

  /** Invokes the function as soon as there is a message, without waiting for a full batch. */
  public SqsEventSource(
      SqsClient sqs, String queueUrl, LambdaFunction function, int batchSize, int concurrency) {
    this(sqs, queueUrl, function, new SqsTrigger("", batchSize, Duration.ZERO, concurrency));
  }

  private void run() {
    while (!closed) {
      free.acquireUninterruptibly();
      List<Message> batch = closed ? List.of() : nextBatch();
      if (batch.isEmpty()) {
        free.release();
      } else {
        invocations.execute(() -> handle(batch));
      }
    }
  }

  /** Returns the next batch, or nothing after a while. */
  private List<Message> nextBatch() {
    var batch = new ArrayList<Message>();
    try {
      batch.addAll(receive(trigger.batchSize(), LONG_POLL_SECONDS));
      long end = System.nanoTime() + trigger.window().toNanos();
      while (!batch.isEmpty()
          && batch.size() < trigger.batchSize()
          && System.nanoTime() < end
          && !closed) {
        LockSupport.parkNanos(GATHERING_STEP.toNanos());
        batch.addAll(receive(trigger.batchSize() - batch.size(), 0));
      }
    } catch (SdkException e) {
      reportUnavailable(e);
    }
    return batch;
  }

  private List<Message> receive(int most, int waitSeconds) {
    return sqs.receiveMessage(
            r ->
                r.queueUrl(queueUrl)
                    .maxNumberOfMessages(most)
                    .waitTimeSeconds(waitSeconds)
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                    .messageAttributeNames("All"))
        .messages();
  }

  private void reportUnavailable(SdkException e) {
    if (!closed) {
      System.err.println("The queue server is unavailable: " + e.getMessage());
      LockSupport.parkNanos(AFTER_AN_ERROR.toNanos());
    }
  }

  private void handle(List<Message> batch) {
    try {
      delete(batch, failed(batch));
    } catch (SdkException e) {
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
      sqs.deleteMessageBatch(d -> d.queueUrl(queueUrl).entries(done));
    }
  }

  private Set<String> failed(List<Message> batch) {
    Set<String> all = new HashSet<>(batch.stream().map(Message::messageId).toList());
    try {
      Set<String> failed = new HashSet<>();
      for (JsonNode failure :
          function.invoke(Json.write(SqsEvent.of(queueUrl, batch))).path("batchItemFailures")) {
        failed.add(failure.path("itemIdentifier").asText());
      }
      return all.containsAll(failed) ? failed : all;
    } catch (RuntimeException e) {
      e.printStackTrace();
      return all;
    }
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
