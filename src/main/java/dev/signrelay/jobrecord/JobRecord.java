package dev.signrelay.jobrecord;

import static dev.signrelay.aws.Attributes.millis;
import static dev.signrelay.aws.Attributes.number;
import static dev.signrelay.aws.Attributes.text;
import static dev.signrelay.aws.Attributes.textOrEmpty;

import dev.signrelay.aws.Attributes;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What is known of a job after one of its steps. Each component is an attribute of the job's item,
 * under the same name.
 *
 * @param position grows with each step and each redrive of the job. Of two records of a job, the
 *     one with the larger position is the later one. The record of a job that is signed or
 *     delivered has the last position: copies of its message change nothing.
 * @param client may read the record; empty: anyone may
 * @param attempts upstream calls, since the last redrive of a job without a signature
 * @param deliveries since the last redrive
 * @param signature null: there is none yet
 * @param lastOutcome of the last call or delivery. Null: there was none, or, in a write, it is the
 *     one that the table has.
 * @param nextAttemptAt by estimate; null: there will be none, or its time is unknown
 * @param reason why the job was dead-lettered; null: it was not
 */
public record JobRecord(
    String id,
    JobStatus status,
    long position,
    String client,
    Instant acceptedAt,
    int attempts,
    int deliveries,
    @Nullable String signature,
    @Nullable String lastOutcome,
    @Nullable Instant nextAttemptAt,
    @Nullable String reason) {

  /** The longest retention of a queue (Amazon SQS developer guide, "Message quotas"). */
  private static final Duration LONGEST_WAIT = Duration.ofDays(14);

  /**
   * The record in an item.
   *
   * @return empty if its time is over: DynamoDB deletes it within a few days (Amazon DynamoDB
   *     developer guide, "Using time to live"). Empty as well if the item is not a record.
   */
  public static Optional<JobRecord> of(Map<String, AttributeValue> item, Instant now) {
    String status = text(item, "status");
    if (status == null || number(item, "expiresAt", 0) <= now.getEpochSecond()) {
      return Optional.empty();
    }
    return Optional.of(
        new JobRecord(
            textOrEmpty(item, "id"),
            JobStatus.of(status),
            number(item, "position", 0),
            textOrEmpty(item, "client"),
            Instant.ofEpochMilli(number(item, "acceptedAt", 0)),
            (int) number(item, "attempts", 0),
            (int) number(item, "deliveries", 0),
            text(item, "signature"),
            text(item, "lastOutcome"),
            Attributes.time(item, "nextAttemptAt"),
            text(item, "reason")));
  }

  /**
   * The attributes that this record sets, without the key. Null stands for an attribute that it
   * removes. Other attributes of the item stay.
   *
   * @param keep how long the record is kept after its job is over. Until then it is kept for at
   *     least as long as SQS keeps the job, from the attempt that it announces, because a wait
   *     writes nothing.
   */
  Map<String, @Nullable AttributeValue> attributes(Instant now, Duration keep) {
    Instant last = nextAttemptAt == null || nextAttemptAt.isBefore(now) ? now : nextAttemptAt;
    var item = new LinkedHashMap<String, @Nullable AttributeValue>();
    item.put("status", text(status.code()));
    item.put("position", number(position));
    if (!client.isEmpty()) {
      item.put("client", text(client));
    }
    item.put("acceptedAt", millis(acceptedAt));
    item.put("attempts", number(attempts));
    item.put("deliveries", number(deliveries));
    item.put("signature", signature == null ? null : text(signature));
    if (lastOutcome != null) {
      item.put("lastOutcome", text(lastOutcome));
    }
    item.put("nextAttemptAt", nextAttemptAt == null ? null : millis(nextAttemptAt));
    item.put("reason", reason == null ? null : text(reason));
    boolean keptForItsTime = status.isOver() || keep.compareTo(LONGEST_WAIT) > 0;
    item.put("expiresAt", Attributes.seconds(last.plus(keptForItsTime ? keep : LONGEST_WAIT)));
    return item;
  }

  /** Omits the signature, which must not reach a log. */
  @Override
  public String toString() {
    return "JobRecord[id=" + id + ", status=" + status + "]";
  }
}
