package dev.signrelay.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The item of the rate limiter's table. Its key is a string, {@code id}. Times are in milliseconds
 * since the epoch.
 *
 * <p>Release 0.2.0 does not write {@code notedAt}; it notes the line every minute. Releases up to
 * 0.1.0 wrote no {@code calls}, one slot for each call, and none of the later attributes.
 */
final class StateItem {

  /** The key of the state's item. */
  static final Map<String, AttributeValue> KEY = Map.of("id", string("schedule"));

  /** As if the line had just been noted; in 9999. */
  private static final long NOT_WRITTEN = 253_370_764_800_000L;

  private StateItem() {}

  static Map<String, AttributeValue> write(LimiterState state) {
    GrantSchedule schedule = state.schedule();
    var item = new HashMap<>(KEY);
    item.put("version", string(schedule.version()));
    item.put("periodMillis", number(schedule.period().toMillis()));
    item.put("calls", number(schedule.calls()));
    item.put(
        "slots", AttributeValue.fromL(schedule.slots().stream().map(StateItem::millis).toList()));
    item.put("granted", number(schedule.granted()));
    item.put("freeFrom", millis(schedule.freeFrom()));
    item.put("askedAt", millis(state.askedAt()));
    item.put("waiting", number(state.waiting()));
    item.put("notedAt", millis(state.notedAt()));
    item.put("takenBy", string(state.token()));
    return item;
  }

  static LimiterState read(Map<String, AttributeValue> item) {
    List<Instant> slots =
        item.get("slots").l().stream()
            .map(slot -> Instant.ofEpochMilli(Long.parseLong(slot.n())))
            .toList();
    var schedule =
        new GrantSchedule(
            item.get("version").s(),
            Duration.ofMillis(number(item, "periodMillis", 0)),
            (int) number(item, "calls", slots.size()),
            slots,
            number(item, "granted", 0),
            Instant.ofEpochMilli(number(item, "freeFrom", 0)));
    AttributeValue token = item.get("takenBy");
    return new LimiterState(
        schedule,
        Instant.ofEpochMilli(number(item, "askedAt", 0)),
        Math.max(0, number(item, "waiting", 0)),
        Instant.ofEpochMilli(number(item, "notedAt", NOT_WRITTEN)),
        token == null ? "" : token.s());
  }

  private static long number(Map<String, AttributeValue> item, String name, long absent) {
    @Nullable AttributeValue value = item.get(name);
    return value == null ? absent : Long.parseLong(value.n());
  }

  private static AttributeValue millis(Instant time) {
    return number(time.toEpochMilli());
  }

  static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  static AttributeValue string(String value) {
    return AttributeValue.fromS(value);
  }
}
