package dev.signrelay.queue;

import dev.signrelay.aws.DeadlineCall;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.Job;
import dev.signrelay.job.JobQueue;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** The queues on Amazon SQS. */
public final class SqsJobQueues implements JobQueues {

  private final DeadlineCall<SqsClient> sqs;
  private final Function<JobQueue, String> urls;
  private final String deadLetterQueueUrl;
  private final TimeSource time;

  public SqsJobQueues(
      Supplier<SqsClient> client,
      Function<JobQueue, String> urls,
      String deadLetterQueueUrl,
      TimeSource time) {
    this.sqs = new DeadlineCall<>(client, time, "the queue", QueueUnavailableException::new);
    this.urls = urls;
    this.deadLetterQueueUrl = deadLetterQueueUrl;
    this.time = time;
  }

  @Override
  public void send(Requeue job, Duration timeout) {
    store(
        SendMessageRequest.builder()
            .queueUrl(urls.apply(job.queue()))
            .messageBody(JobCodec.encode(job.job()))
            .messageAttributes(sentNow())
            .delaySeconds(wholeSeconds(job.delay()))
            .build(),
        timeout);
  }

  @Override
  public List<Optional<QueueUnavailableException>> sendAll(List<Requeue> jobs, Duration timeout) {
    Instant deadline = time.instant().plus(timeout);
    var failures =
        new ArrayList<>(
            Collections.nCopies(jobs.size(), Optional.<QueueUnavailableException>empty()));
    for (JobQueue queue : JobQueue.values()) {
      List<Integer> indexes =
          IntStream.range(0, jobs.size())
              .filter(i -> jobs.get(i).queue() == queue)
              .boxed()
              .toList();
      try {
        for (int i : indexes.size() > 1 ? sendBatch(jobs, indexes, deadline) : indexes) {
          failures.set(i, sendAlone(jobs.get(i), deadline));
        }
      } catch (QueueUnavailableException e) {
        indexes.forEach(i -> failures.set(i, Optional.of(e)));
      }
    }
    return failures;
  }

  /** Returns the indexes of the jobs that SQS did not confirm. The SDK does not repeat them. */
  private List<Integer> sendBatch(List<Requeue> jobs, List<Integer> indexes, Instant deadline) {
    String url = urls.apply(jobs.get(indexes.getFirst()).queue());
    List<SendMessageBatchRequestEntry> entries =
        indexes.stream().map(i -> entry(i, jobs.get(i))).toList();
    SendMessageBatchResponse response =
        sqs.within(
            time.until(deadline),
            client -> client.sendMessageBatch(b -> b.queueUrl(url).entries(entries)));
    Set<String> stored =
        response.successful().stream()
            .map(SendMessageBatchResultEntry::id)
            .collect(Collectors.toSet());
    return indexes.stream().filter(i -> !stored.contains(i.toString())).toList();
  }

  private Optional<QueueUnavailableException> sendAlone(Requeue job, Instant deadline) {
    try {
      send(job, time.until(deadline));
      return Optional.empty();
    } catch (QueueUnavailableException e) {
      return Optional.of(e);
    }
  }

  private SendMessageBatchRequestEntry entry(int id, Requeue job) {
    return SendMessageBatchRequestEntry.builder()
        .id(Integer.toString(id))
        .messageBody(JobCodec.encode(job.job()))
        .messageAttributes(sentNow())
        .delaySeconds(wholeSeconds(job.delay()))
        .build();
  }

  @Override
  public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
    deadLetter(
        JobCodec.encode(job),
        Map.of(
            "jobId", job.id(),
            "reason", reason.kind().code(),
            "lastOutcome", reason.outcome(),
            "attempts", Integer.toString(reason.attempts())),
        timeout);
  }

  /** SQS accepts no empty body (Amazon SQS API reference, SendMessage). */
  @Override
  public void deadLetter(ReceivedMessage message, String error, Duration timeout) {
    deadLetter(
        message.body().isEmpty() ? " " : message.body(),
        Map.of("reason", Kind.MALFORMED.code(), "lastOutcome", error),
        timeout);
  }

  private void deadLetter(String body, Map<String, String> texts, Duration timeout) {
    var attributes = new HashMap<>(sentNow());
    texts.forEach((name, text) -> attributes.put(name, string(text)));
    store(
        SendMessageRequest.builder()
            .queueUrl(deadLetterQueueUrl)
            .messageBody(body)
            .messageAttributes(attributes)
            .build(),
        timeout);
  }

  /** An answer without the id of a message confirms nothing. */
  private void store(SendMessageRequest request, Duration timeout) {
    var _ =
        sqs.within(
            timeout, client -> Objects.requireNonNull(client.sendMessage(request).messageId()));
  }

  /** Rounds up, so that a job is never delivered before its time. */
  private static int wholeSeconds(Duration delay) {
    return Math.toIntExact(delay.plusNanos(999_999_999).toSeconds());
  }

  /** The attribute that shows whether a message was redriven: see {@link ReceivedMessage}. */
  private Map<String, MessageAttributeValue> sentNow() {
    return Map.of(
        ReceivedMessage.SENT_AT,
        MessageAttributeValue.builder()
            .dataType("Number")
            .stringValue(Long.toString(time.millis()))
            .build());
  }

  private static MessageAttributeValue string(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }
}
