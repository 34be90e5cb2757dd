package dev.signrelay.limit;

import static dev.signrelay.aws.Attributes.millis;
import static dev.signrelay.aws.Attributes.number;
import static dev.signrelay.aws.Attributes.text;
import static dev.signrelay.aws.Attributes.textOrEmpty;

import dev.signrelay.aws.Attributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What all processes share: the item of the rate limiter's table.
 *
 * @param askedAt when a process whose limit is the schedule's last asked. A higher limit has to
 *     wait until nobody has asked for some time.
 * @param waiting the number of jobs in line, as a drain run last noted it, less those that were
 *     granted a call since; 1 if a job joined after none was noted
 * @param notedAt when a drain run last noted the number
 * @param token of the request that took the last grants; empty: none did
 */
record RateLimitState(
    GrantSchedule schedule, Instant askedAt, long waiting, Instant notedAt, String token) {

  /** An older note of the line's length is out of date: runs begin every minute. */
  static final Duration NOTE_HOLDS = Duration.ofMinutes(3);

  /** Of the item. */
  static final Map<String, AttributeValue> KEY = Map.of("id", text("schedule"));

  /** Release 0.2.0 does not write {@code notedAt}, but notes the line every minute. In 9999. */
  private static final long JUST_NOTED = 253_370_764_800_000L;

  /** Reads an item. Its times are in milliseconds since the epoch. */
  static RateLimitState of(Map<String, AttributeValue> item) {
    List<Instant> slots =
        item.get("slots").l().stream()
            .map(slot -> Instant.ofEpochMilli(Long.parseLong(slot.n())))
            .toList();
    var schedule =
        new GrantSchedule(
            item.get("version").s(),
            Duration.ofMillis(number(item, "periodMillis", 0)),
            (int) number(item, "calls", 0),
            slots,
            number(item, "granted", 0),
            Instant.ofEpochMilli(number(item, "freeFrom", 0)));
    return new RateLimitState(
        schedule,
        Instant.ofEpochMilli(number(item, "askedAt", 0)),
        Math.max(0, number(item, "waiting", 0)),
        Instant.ofEpochMilli(number(item, "notedAt", JUST_NOTED)),
        textOrEmpty(item, "takenBy"));
  }

  Map<String, AttributeValue> item() {
    var item = new HashMap<>(KEY);
    item.put("version", text(schedule.version()));
    item.put("periodMillis", number(schedule.period().toMillis()));
    item.put("calls", number(schedule.calls()));
    item.put(
        "slots", AttributeValue.fromL(schedule.slots().stream().map(Attributes::millis).toList()));
    item.put("granted", number(schedule.granted()));
    item.put("freeFrom", millis(schedule.freeFrom()));
    item.put("askedAt", millis(askedAt));
    item.put("waiting", number(waiting));
    item.put("notedAt", millis(notedAt));
    item.put("takenBy", text(token));
    return item;
  }

  /**
   * The state with another schedule. No request has the token of its last grants: a repetition of
   * the request before must not be given them.
   */
  RateLimitState withSchedule(GrantSchedule next) {
    return new RateLimitState(next, askedAt, waiting, notedAt, "");
  }

  /**
   * @param time null: unchanged
   */
  RateLimitState askedAt(@Nullable Instant time) {
    return time == null ? this : new RateLimitState(schedule, time, waiting, notedAt, token);
  }

  boolean isNoted(Instant now) {
    return now.isBefore(notedAt.plus(NOTE_HOLDS));
  }
}
