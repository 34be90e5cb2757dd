package dev.signrelay.system;

import dev.signrelay.limit.SlidingWindowLimiter;
import dev.signrelay.local.DynamoDbServer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Replaces the rate limiter's schedule in a table. Processes notice it at their next request, which
 * refers to the old one.
 */
final class ScheduleInTable {

  private ScheduleInTable() {}

  /**
   * @param calls the limit, at most 64
   * @param from when the first grant begins
   * @param interval between two grants; all of them within one period
   */
  static void write(DynamoDbServer table, int calls, Instant from, Duration interval) {
    List<AttributeValue> slots =
        LongStream.range(0, calls)
            .mapToObj(i -> number(from.plus(interval.multipliedBy(i)).toEpochMilli()))
            .toList();
    var item = new HashMap<String, AttributeValue>();
    item.put("id", AttributeValue.fromS("schedule"));
    item.put("version", AttributeValue.fromS(UUID.randomUUID().toString()));
    item.put("periodMillis", number(SlidingWindowLimiter.PERIOD.toMillis()));
    item.put("calls", number(calls));
    item.put("slots", AttributeValue.fromL(slots));
    item.put("granted", number(0));
    table.client().putItem(p -> p.tableName(table.tableName()).item(Map.copyOf(item)));
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }
}
