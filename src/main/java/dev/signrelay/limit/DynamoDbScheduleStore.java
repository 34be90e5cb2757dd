package dev.signrelay.limit;

import static software.amazon.awssdk.services.dynamodb.model.ReturnValue.UPDATED_NEW;
import static software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure.ALL_OLD;

import dev.signrelay.aws.FirstUse;
import dev.signrelay.aws.RehearsedCall;
import dev.signrelay.limit.ScheduleStore.Written.Refused;
import dev.signrelay.limit.ScheduleStore.Written.Stored;
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
 * The schedule as one item of a DynamoDB table, and each used grant as another one that expires.
 * The table's key is a string, {@value #KEY}; its time to live is in {@value #EXPIRES_AT}.
 *
 * <p>DynamoDB does one write to an item after the other (Amazon DynamoDB developer guide, "Working
 * with items"), and a condition that fails brings the item as it is, so that nothing is ever read.
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
   * @param clients called when the table is first needed
   */
  DynamoDbScheduleStore(Supplier<DynamoDbClient> clients, String table) {
    this.client = new FirstUse<>(clients);
    this.table = table;
  }

  @Override
  public Written count(GrantSchedule schedule, long least, long most) {
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
      return new Stored(schedule.withGranted(number(updated, GRANTED)));
    } catch (ConditionalCheckFailedException e) {
      return refused(e);
    }
  }

  @Override
  public Written replace(@Nullable GrantSchedule expected, GrantSchedule next) {
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
      return new Stored(next);
    } catch (ConditionalCheckFailedException e) {
      return refused(e);
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

  @Override
  public void prepare() {
    var _ = client.get();
    var schedule = GrantSchedule.idle("none", Duration.ofSeconds(1), 1, Instant.EPOCH);
    RehearsedCall.run(
        DynamoDbClient.builder(),
        canned -> new DynamoDbScheduleStore(() -> canned, table).count(schedule, 0, 0),
        "{\"Attributes\":{\"granted\":{\"N\":\"1\"}}}");
  }

  private static Refused refused(ConditionalCheckFailedException e) {
    return new Refused(e.hasItem() && !e.item().isEmpty() ? schedule(e.item()) : null);
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
