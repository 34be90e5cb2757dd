package dev.signrelay.limit;

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
final class StateItem {

  /** The key of the state's item. */
  static final Map<String, AttributeValue> KEY = Map.of("id", string("schedule"));

  /** As if the line had just been noted; in 9999. */
  private static final Instant NOT_WRITTEN = Instant.parse("9999-01-01T00:00:00Z");

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
            Duration.ofMillis(number(item, "periodMillis")),
            (int) number(item, "calls"),
            slots,
            number(item, "granted"),
            time(item, "freeFrom"));
    return new LimiterState(
        schedule,
        time(item, "askedAt"),
        Math.max(0, number(item, "waiting")),
        item.containsKey("notedAt") ? time(item, "notedAt") : NOT_WRITTEN,
        item.get("takenBy").s());
  }

  private static long number(Map<String, AttributeValue> item, String name) {
    return Long.parseLong(item.get(name).n());
  }

  private static Instant time(Map<String, AttributeValue> item, String name) {
    return Instant.ofEpochMilli(number(item, name));
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
