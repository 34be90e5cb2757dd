package dev.signrelay.queue;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** The queues on Amazon SQS. */
public final class SqsRetryQueue implements RetryQueue {

  private static final int BATCH = 10;

  private final Supplier<SqsClient> client;
  private final String retryQueueUrl;
  private final String deadLetterQueueUrl;
  private final TimeSource time;

  /**
   * @param client called for each request
   */
  public SqsRetryQueue(
      Supplier<SqsClient> client,
      String retryQueueUrl,
      String deadLetterQueueUrl,
      TimeSource time) {
    this.client = client;
    this.time = time;
    this.retryQueueUrl = retryQueueUrl;
    this.deadLetterQueueUrl = deadLetterQueueUrl;
  }

  @Override
  public void send(Job job, Duration delay, Duration timeout) {
    store(
        SendMessageRequest.builder()
            .queueUrl(retryQueueUrl)
            .messageBody(JobCodec.encode(job))
            .delaySeconds(wholeSeconds(delay))
            .build(),
        timeout);
  }

  /** Sends ten jobs in a request (Amazon SQS API reference, SendMessageBatch). */
  @Override
  public List<Optional<QueueUnavailableException>> sendAll(List<Requeue> jobs, Duration timeout) {
    Instant deadline = time.instant().plus(timeout);
    var failures = new ArrayList<Optional<QueueUnavailableException>>();
    for (int from = 0; from < jobs.size(); from += BATCH) {
      List<Requeue> batch = jobs.subList(from, Math.min(from + BATCH, jobs.size()));
      failures.addAll(
          batch.size() == 1
              ? List.of(sendAlone(batch.getFirst(), deadline))
              : sendBatch(batch, deadline));
    }
    return failures;
  }

  private List<Optional<QueueUnavailableException>> sendBatch(
      List<Requeue> jobs, Instant deadline) {
    List<SendMessageBatchRequestEntry> entries =
        IntStream.range(0, jobs.size()).mapToObj(i -> entry(i, jobs.get(i))).toList();
    try {
      List<String> refused =
          call(
                  time.until(deadline),
                  sqs -> sqs.sendMessageBatch(b -> b.queueUrl(retryQueueUrl).entries(entries)))
              .failed()
              .stream()
              .map(BatchResultErrorEntry::id)
              .toList();
      // The SDK does not retry refused entries, so each is sent again alone.
      return entries.stream()
          .map(
              entry ->
                  refused.contains(entry.id())
                      ? sendAlone(jobs.get(Integer.parseInt(entry.id())), deadline)
                      : Optional.<QueueUnavailableException>empty())
          .toList();
    } catch (QueueUnavailableException e) {
      return Collections.nCopies(jobs.size(), Optional.of(e));
    }
  }

  private Optional<QueueUnavailableException> sendAlone(Requeue job, Instant deadline) {
    try {
      send(job.job(), job.delay(), time.until(deadline));
      return Optional.empty();
    } catch (QueueUnavailableException e) {
      return Optional.of(e);
    }
  }

  private static SendMessageBatchRequestEntry entry(int id, Requeue job) {
    return SendMessageBatchRequestEntry.builder()
        .id(Integer.toString(id))
        .messageBody(JobCodec.encode(job.job()))
        .delaySeconds(wholeSeconds(job.delay()))
        .build();
  }

  @Override
  public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
    store(
        SendMessageRequest.builder()
            .queueUrl(deadLetterQueueUrl)
            .messageBody(JobCodec.encode(job))
            .messageAttributes(
                Map.of(
                    "jobId", attribute(job.id()),
                    "reason", attribute(reason.kind().code()),
                    "lastOutcome", attribute(reason.outcome()),
                    "attempts", attribute(Integer.toString(reason.attempts()))))
            .build(),
        timeout);
  }

  private void store(SendMessageRequest request, Duration timeout) {
    var _ = call(timeout, sqs -> sqs.sendMessage(request));
  }

  private <T> T call(Duration timeout, Function<SqsClient, T> call) {
    try {
      return time.callWithin(timeout, () -> call.apply(client.get()));
    } catch (TimeoutException e) {
      throw new QueueUnavailableException("the queue did not answer in time", e);
    } catch (ExecutionException e) {
      throw new QueueUnavailableException("the queue did not accept the job", e);
    }
  }

  /** Rounds up, so that a job is never delivered before its time. */
  private static int wholeSeconds(Duration delay) {
    return Math.toIntExact(delay.plusNanos(999_999_999).toSeconds());
  }

  private static MessageAttributeValue attribute(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }
}
