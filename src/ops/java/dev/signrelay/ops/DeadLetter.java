package dev.signrelay.ops;

import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.JobCodec.MalformedJobException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * A message of the dead-letter queue.
 *
 * @param messageId the id that SQS gave it, unrelated to the job's
 * @param receipt of the last receive
 * @param attributes why it was dead-lettered; none: SQS moved it itself
 * @param sentAt when it was sent to the queue; if SQS moved it itself, when its job was queued
 * @param job null: the body is no job that this version can read
 */
public record DeadLetter(
    String messageId,
    String receipt,
    String body,
    Map<String, MessageAttributeValue> attributes,
    Instant sentAt,
    @Nullable Job job) {

  /** The reason of a job that SQS moved after too many receives. */
  static final String MOVED_BY_SQS = "moved-by-sqs";

  static DeadLetter of(Message message) {
    String sent = message.attributes().get(MessageSystemAttributeName.SENT_TIMESTAMP);
    return new DeadLetter(
        message.messageId(),
        message.receiptHandle(),
        message.body(),
        message.messageAttributes(),
        sent == null ? Instant.EPOCH : Instant.ofEpochMilli(Long.parseLong(sent)),
        job(message.body()));
  }

  private static @Nullable Job job(String body) {
    try {
      return JobCodec.decode(body);
    } catch (MalformedJobException _) {
      return null;
    }
  }

  /** Empty if it is unknown. */
  public String jobId() {
    return job == null ? attribute("jobId") : job.id();
  }

  /** The id of the job; that of the message if it is unknown. */
  String shownId() {
    return jobId().isEmpty() ? messageId : jobId();
  }

  public String reason() {
    String reason = attribute("reason");
    return job == null ? Kind.MALFORMED.code() : reason.isEmpty() ? MOVED_BY_SQS : reason;
  }

  /** Empty if it is unknown. */
  public String lastOutcome() {
    return attribute("lastOutcome");
  }

  /** Null if it is unknown. */
  public @Nullable Integer attempts() {
    String attempts = attribute("attempts");
    return attempts.matches("\\d{1,9}") ? Integer.valueOf(attempts) : null;
  }

  boolean hasId(String id) {
    return id.equals(jobId()) || id.equals(messageId);
  }

  boolean hasIdThatBeginsWith(String text) {
    return jobId().startsWith(text) || messageId.startsWith(text);
  }

  private String attribute(String name) {
    MessageAttributeValue value = attributes.get(name);
    return value == null || value.stringValue() == null ? "" : value.stringValue();
  }

  /**
   * What may be shown to everybody: no message, no signature, and of the URL only the host.
   *
   * @param time writes the times
   */
  Map<String, Object> summary(Function<Instant, String> time) {
    var summary = new LinkedHashMap<String, Object>();
    summary.put("jobId", jobId());
    summary.put("reason", reason());
    summary.put("lastOutcome", lastOutcome());
    if (attempts() != null) {
      summary.put("attempts", attempts());
    }
    summary.put("sentAt", time.apply(sentAt));
    summary.put("messageId", messageId);
    switch (job) {
      case null -> {}
      case NeedsSignature _ -> summary.put("stage", "signing");
      case NeedsCallback _ -> summary.put("stage", "delivering");
    }
    if (job != null) {
      summary.put("client", job.acceptance().client());
      summary.put("acceptedAt", time.apply(job.acceptance().at()));
      summary.put("callbackHost", job.callbackHost() == null ? "" : job.callbackHost());
    }
    return summary;
  }

  /** Omits the body, which must not reach a log. */
  @Override
  public String toString() {
    return "DeadLetter[jobId=" + jobId() + ", reason=" + reason() + "]";
  }
}
