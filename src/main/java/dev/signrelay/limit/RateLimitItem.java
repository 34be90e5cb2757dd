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
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The item of the rate limiter's table. Its key is a string, {@code id}. Times are in milliseconds
 * since the epoch.
 *
 * <p>Release 0.2.0 does not write {@code notedAt}; it notes the line every minute.
 */
final class RateLimitItem {

  static final Map<String, AttributeValue> KEY = Map.of("id", text("schedule"));

  /** As if the line had just been noted; in 9999. */
  private static final long NOT_WRITTEN = 253_370_764_800_000L;

  private RateLimitItem() {}

  static Map<String, AttributeValue> write(RateLimitState state) {
    GrantSchedule schedule = state.schedule();
    var item = new HashMap<>(KEY);
    item.put("version", text(schedule.version()));
    item.put("periodMillis", number(schedule.period().toMillis()));
    item.put("calls", number(schedule.calls()));
    item.put(
        "slots", AttributeValue.fromL(schedule.slots().stream().map(Attributes::millis).toList()));
    item.put("granted", number(schedule.granted()));
    item.put("freeFrom", millis(schedule.freeFrom()));
    item.put("askedAt", millis(state.askedAt()));
    item.put("waiting", number(state.waiting()));
    item.put("notedAt", millis(state.notedAt()));
    item.put("takenBy", text(state.token()));
    return item;
  }

  static RateLimitState read(Map<String, AttributeValue> item) {
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
        Instant.ofEpochMilli(number(item, "notedAt", NOT_WRITTEN)),
        textOrEmpty(item, "takenBy"));
  }
}
