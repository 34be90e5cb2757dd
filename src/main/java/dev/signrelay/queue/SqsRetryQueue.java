package dev.signrelay.queue;

import dev.signrelay.aws.FirstUse;
import dev.signrelay.aws.RehearsedCall;
import dev.signrelay.deadline.TimeLimit;
import dev.signrelay.retry.DeadLetterReason;
import dev.signrelay.retry.Job;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** The queues on Amazon SQS. The client is made when it is first needed, or prepared for. */
public final class SqsRetryQueue implements RetryQueue {

  private final Supplier<SqsClient> client;
  private final String retryQueueUrl;
  private final String deadLetterQueueUrl;
  private volatile boolean prepared;

  /**
   * @param clients called when the queue is first needed
   */
  public SqsRetryQueue(
      Supplier<SqsClient> clients, String retryQueueUrl, String deadLetterQueueUrl) {
    this.client = new FirstUse<>(clients);
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

  @Override
  public void prepare() {
    var _ = client.get();
    RehearsedCall.run(
        SqsClient.builder(),
        canned ->
            canned.sendMessage(
                m -> m.queueUrl("http://localhost/queue").messageBody("{}").delaySeconds(1)),
        "{\"MessageId\":\"rehearsed\"}");
    prepared = true;
  }

  @Override
  public boolean isPrepared() {
    return prepared;
  }

  private void store(SendMessageRequest request, Duration timeout) {
    try {
      TimeLimit.call(timeout, () -> client.get().sendMessage(request));
      prepared = true;
    } catch (TimeoutException e) {
      throw new QueueUnavailableException("the queue did not answer in time", e);
    } catch (ExecutionException e) {
      throw new QueueUnavailableException("the queue did not take the job", e);
    }
  }

  /** Rounded up, so that a job never comes out before its time. */
  private static int wholeSeconds(Duration delay) {
    return Math.toIntExact(delay.plusNanos(999_999_999).toSeconds());
  }

  private static MessageAttributeValue attribute(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }
}
