package dev.signrelay.limit;

import static software.amazon.awssdk.services.dynamodb.model.ReturnValue.UPDATED_NEW;
import static software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure.ALL_OLD;

import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * The schedule as one item of a DynamoDB table, and each claimed grant as another item that
 * expires. The table's key is a string, {@value #KEY}; its time to live is in {@value #EXPIRES_AT}.
 *
 * <p>DynamoDB applies writes to one item one after the other (Amazon DynamoDB developer guide,
 * "Working with items"). A condition that fails returns the item as it is, so no request only
 * reads.
 */
final class DynamoDbScheduleStore implements ScheduleStore {

  private static final String KEY = "id";
  private static final String SCHEDULE = "schedule";
  private static final String VERSION = "version";
  private static final String PERIOD = "periodMillis";
  private static final String SLOTS = "slots";
  private static final String GRANTED = "granted";
  private static final String EXPIRES_AT = "expiresAt";

  private final Supplier<DynamoDbClient> client;
  private final String table;

  /**
   * @param client called for each request
   */
  DynamoDbScheduleStore(Supplier<DynamoDbClient> client, String table) {
    this.client = client;
    this.table = table;
  }

  @Override
  public WriteResult increment(GrantSchedule schedule, long least, long most) {
    try {
      Map<String, AttributeValue> updated =
          client
              .get()
              .updateItem(
                  u ->
                      u.tableName(table)
                          .key(Map.of(KEY, string(SCHEDULE)))
                          .updateExpression("ADD granted :one")
                          .conditionExpression(
                              "version = :version AND granted >= :least AND granted <= :most")
                          .expressionAttributeValues(
                              Map.of(
                                  ":one", number(1),
                                  ":version", string(schedule.version()),
                                  ":least", number(least),
                                  ":most", number(most)))
                          .returnValues(UPDATED_NEW)
                          .returnValuesOnConditionCheckFailure(ALL_OLD))
              .attributes();
      return new Applied(schedule.withGranted(number(updated, GRANTED)));
    } catch (ConditionalCheckFailedException e) {
      return conflict(e);
    }
  }

  @Override
  public WriteResult replace(@Nullable GrantSchedule expected, GrantSchedule next) {
    try {
      client
          .get()
          .putItem(
              p -> {
                p.tableName(table).item(item(next)).returnValuesOnConditionCheckFailure(ALL_OLD);
                if (expected == null) {
                  p.conditionExpression("attribute_not_exists(" + KEY + ")");
                } else {
                  p.conditionExpression("version = :version AND granted = :granted")
                      .expressionAttributeValues(
                          Map.of(
                              ":version", string(expected.version()),
                              ":granted", number(expected.granted())));
                }
              });
      return new Applied(next);
    } catch (ConditionalCheckFailedException e) {
      return conflict(e);
    }
  }

  @Override
  public boolean claim(String grantId, Instant forgetAfter) {
    try {
      client
          .get()
          .putItem(
              p ->
                  p.tableName(table)
                      .item(
                          Map.of(
                              KEY, string("grant/" + grantId),
                              EXPIRES_AT, number(forgetAfter.getEpochSecond() + 1)))
                      .conditionExpression("attribute_not_exists(" + KEY + ")"));
      return true;
    } catch (ConditionalCheckFailedException _) {
      return false;
    }
  }

  private static Conflict conflict(ConditionalCheckFailedException e) {
    return new Conflict(e.hasItem() && !e.item().isEmpty() ? schedule(e.item()) : null);
  }

  private static Map<String, AttributeValue> item(GrantSchedule schedule) {
    var item = new HashMap<String, AttributeValue>();
    item.put(KEY, string(SCHEDULE));
    item.put(VERSION, string(schedule.version()));
    item.put(PERIOD, number(schedule.period().toMillis()));
    item.put(
        SLOTS,
        AttributeValue.fromL(
            schedule.slots().stream().map(slot -> number(slot.toEpochMilli())).toList()));
    item.put(GRANTED, number(schedule.granted()));
    return item;
  }

  private static GrantSchedule schedule(Map<String, AttributeValue> item) {
    return new GrantSchedule(
        item.get(VERSION).s(),
        Duration.ofMillis(number(item, PERIOD)),
        item.get(SLOTS).l().stream()
            .map(slot -> Instant.ofEpochMilli(Long.parseLong(slot.n())))
            .toList(),
        number(item, GRANTED));
  }

  private static long number(Map<String, AttributeValue> item, String name) {
    return Long.parseLong(item.get(name).n());
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  private static AttributeValue string(String value) {
    return AttributeValue.fromS(value);
  }
}
