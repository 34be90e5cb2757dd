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
 * The state that all processes share: the item of the rate limiter's table.
 *
 * @param askedAt the last noted time at which a process with the schedule's limit asked for a
 *     grant; a higher limit has to wait for {@link SharedSchedule#LOWER_LIMIT_HOLDS} after it
 * @param waiting the number of jobs in line, as a drain run last noted it, with those that joined
 *     since, less those that were granted a call
 * @param notedAt when a drain run last noted the number
 * @param token of the {@link ScheduleStore.Take} that took this schedule's last grants; empty: none
 */
record RateLimitState(
    GrantSchedule schedule, Instant askedAt, long waiting, Instant notedAt, String token) {

  /** How long a note of the line's length is used. Drain runs note it every minute. */
  static final Duration NOTE_HOLDS = Duration.ofMinutes(3);

  /** The key of the item. */
  static final Map<String, AttributeValue> KEY = Map.of("id", text("schedule"));

  /**
   * Stands for an absent {@code notedAt}. Release 0.2.0 does not write it, but notes the line every
   * minute: such a note counts as recent, and as earlier than any other, so that it ends no run.
   */
  private static final Instant OF_RELEASE_020 = Instant.EPOCH;

  /** Reads the item, whose times are in milliseconds since the epoch. */
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
        Instant.ofEpochMilli(number(item, "notedAt", OF_RELEASE_020.toEpochMilli())),
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
   * A copy with another schedule and without a token. If the client repeats the request that took
   * the last grants, it must not get grants of the new schedule.
   */
  RateLimitState withSchedule(GrantSchedule next) {
    return new RateLimitState(next, askedAt, waiting, notedAt, "");
  }

  /** A copy with another {@code askedAt}; null: unchanged. */
  RateLimitState withAskedAt(@Nullable Instant time) {
    return time == null ? this : new RateLimitState(schedule, time, waiting, notedAt, token);
  }

  boolean isNoteRecent(Instant now) {
    return notedAt.equals(OF_RELEASE_020) || now.isBefore(notedAt.plus(NOTE_HOLDS));
  }
}
