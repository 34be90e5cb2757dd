package dev.signrelay.ops;

import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.MalformedJobException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
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

  public String reason() {
    String reason = attribute("reason");
    return job == null ? Kind.MALFORMED.code() : reason.isEmpty() ? MOVED_BY_SQS : reason;
  }

  /** Empty if it is unknown. */
  public String lastOutcome() {
    return attribute("lastOutcome");
  }

  /** Empty if it is unknown. */
  public String attempts() {
    return attribute("attempts");
  }

  /** Whether an id is that of the job or of the message. */
  boolean hasId(String id) {
    return id.equals(jobId()) || id.equals(messageId);
  }

  private String attribute(String name) {
    MessageAttributeValue value = attributes.get(name);
    return value == null || value.stringValue() == null ? "" : value.stringValue();
  }

  /** What may be shown to everybody: no message, no signature, and of the URL only the host. */
  Map<String, Object> summary() {
    var summary = new LinkedHashMap<String, Object>();
    summary.put("jobId", jobId());
    summary.put("reason", reason());
    summary.put("lastOutcome", lastOutcome());
    summary.put("attempts", attempts());
    summary.put("sentAt", sentAt.toString());
    summary.put("messageId", messageId);
    switch (job) {
      case null -> {}
      case NeedsSignature _ -> summary.put("stage", "needs-signature");
      case NeedsCallback _ -> summary.put("stage", "needs-callback");
    }
    if (job != null) {
      summary.put("client", job.acceptance().client());
      summary.put("acceptedAt", job.acceptance().at().toString());
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
