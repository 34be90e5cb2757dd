package dev.signrelay.jobrecord;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The items of jobs in the table. The table's key is a string, {@code id}; its time to live is in
 * {@code expiresAt}. Times are in milliseconds since the epoch, except {@code expiresAt}, which is
 * in seconds. Other attributes of an item do not belong to the record.
 */
final class RecordItem {

  static final String ID = "id";
  static final String STATUS = "status";
  static final String POSITION = "position";
  static final String EXPIRES_AT = "expiresAt";
  static final String ACCEPTED_AT = "acceptedAt";
  static final String CLIENT = "client";

  /** The longest retention of a queue (Amazon SQS developer guide, "Message quotas"). */
  private static final Duration LONGEST_WAIT = Duration.ofDays(14);

  private static final String ATTEMPTS = "attempts";
  private static final String DELIVERIES = "deliveries";
  private static final String SIGNATURE = "signature";
  private static final String LAST_OUTCOME = "lastOutcome";
  private static final String NEXT_ATTEMPT_AT = "nextAttemptAt";
  private static final String REASON = "reason";

  private RecordItem() {}

  static Map<String, AttributeValue> key(String id) {
    return Map.of(ID, string(id));
  }

  /**
   * The attributes that a record sets, without the key. Null stands for an attribute that it
   * removes.
   *
   * @param keep how long the record is kept after its job is over. Until then it is kept for at
   *     least as long as SQS keeps the job, from the attempt that it announces, because a wait
   *     writes nothing.
   */
  static Map<String, @Nullable AttributeValue> changes(
      JobRecord changed, Instant now, Duration keep) {
    Instant next = changed.nextAttemptAt();
    Instant last = next == null || next.isBefore(now) ? now : next;
    var item = new LinkedHashMap<String, @Nullable AttributeValue>();
    item.put(STATUS, string(changed.status().code()));
    item.put(POSITION, number(changed.position()));
    if (!changed.client().isEmpty()) {
      item.put(CLIENT, string(changed.client()));
    }
    item.put(ACCEPTED_AT, number(changed.acceptedAt().toEpochMilli()));
    item.put(ATTEMPTS, number(changed.attempts()));
    item.put(DELIVERIES, number(changed.deliveries()));
    item.put(SIGNATURE, changed.signature() == null ? null : string(changed.signature()));
    if (changed.lastOutcome() != null) {
      item.put(LAST_OUTCOME, string(changed.lastOutcome()));
    }
    item.put(NEXT_ATTEMPT_AT, next == null ? null : number(next.toEpochMilli()));
    item.put(REASON, changed.reason() == null ? null : string(changed.reason()));
    Duration kept =
        changed.status().isOver() || keep.compareTo(LONGEST_WAIT) > 0 ? keep : LONGEST_WAIT;
    item.put(EXPIRES_AT, number(last.plus(kept).getEpochSecond()));
    return item;
  }

  /**
   * Reads an item.
   *
   * @return empty if its time is over: DynamoDB deletes it within a few days (Amazon DynamoDB
   *     developer guide, "Using time to live"). Empty as well if it is no record.
   */
  static Optional<JobRecord> read(Map<String, AttributeValue> item, Instant now) {
    if (!item.containsKey(STATUS) || number(item, EXPIRES_AT) <= now.getEpochSecond()) {
      return Optional.empty();
    }
    return Optional.of(
        new JobRecord(
            text(item, ID),
            JobStatus.of(text(item, STATUS)),
            number(item, POSITION),
            text(item, CLIENT),
            Instant.ofEpochMilli(number(item, ACCEPTED_AT)),
            (int) number(item, ATTEMPTS),
            (int) number(item, DELIVERIES),
            optionalText(item, SIGNATURE),
            optionalText(item, LAST_OUTCOME),
            item.containsKey(NEXT_ATTEMPT_AT)
                ? Instant.ofEpochMilli(number(item, NEXT_ATTEMPT_AT))
                : null,
            optionalText(item, REASON)));
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    String text = optionalText(item, name);
    return text == null ? "" : text;
  }

  private static @Nullable String optionalText(Map<String, AttributeValue> item, String name) {
    @Nullable AttributeValue value = item.get(name);
    return value == null ? null : value.s();
  }

  private static long number(Map<String, AttributeValue> item, String name) {
    @Nullable AttributeValue value = item.get(name);
    return value == null ? 0 : Long.parseLong(value.n());
  }

  static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  static AttributeValue string(String value) {
    return AttributeValue.fromS(value);
  }
}
