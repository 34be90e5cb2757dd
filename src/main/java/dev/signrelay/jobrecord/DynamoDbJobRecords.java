package dev.signrelay.jobrecord;

import dev.signrelay.aws.TimedCall;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The records as items of a DynamoDB table. {@link RecordItem} has their attributes.
 *
 * <p>A write is one conditional update. It reads nothing, and leaves the item's other attributes as
 * they are. The SDK may repeat it after a lost answer: the condition then refuses it, because the
 * item has its position already.
 */
public final class DynamoDbJobRecords implements JobRecords {

  /**
   * The second part concerns jobs whose id is derived from an {@code Idempotency-Key}: the key may
   * be used again when its record is forgotten, and a redriven job of its former use must not write
   * into the record of the new one.
   */
  private static final String UNLESS_LATER =
      "(attribute_not_exists(#position) OR #position < :position)"
          + " AND (attribute_not_exists(#acceptedAt) OR #acceptedAt <= :acceptedAt)";

  private final TimedCall<DynamoDbClient> calls;
  private final String table;
  private final Duration keep;
  private final TimeSource time;

  /**
   * @param client called for each request
   * @param keep how long a record is kept after its job is over
   */
  public DynamoDbJobRecords(
      Supplier<DynamoDbClient> client, String table, Duration keep, TimeSource time) {
    this.calls = new TimedCall<>(client, time, "the table", RecordsUnavailableException::new);
    this.table = table;
    this.keep = keep;
    this.time = time;
  }

  @Override
  public void write(JobRecord written, Duration timeout) {
    UpdateItemRequest update = update(written);
    var _ = calls.within(timeout, client -> isApplied(client, update));
  }

  private static boolean isApplied(DynamoDbClient client, UpdateItemRequest update) {
    try {
      client.updateItem(update);
      return true;
    } catch (ConditionalCheckFailedException _) {
      return false;
    }
  }

  private UpdateItemRequest update(JobRecord written) {
    var names = new HashMap<String, String>();
    var values = new HashMap<String, AttributeValue>();
    var set = new ArrayList<String>();
    var remove = new ArrayList<String>();
    RecordItem.changes(written, time.instant(), keep)
        .forEach(
            (name, value) -> {
              names.put("#" + name, name);
              if (value == null) {
                remove.add("#" + name);
              } else {
                values.put(":" + name, value);
                set.add("#" + name + " = :" + name);
              }
            });
    String removal = remove.isEmpty() ? "" : " REMOVE " + String.join(", ", remove);
    return UpdateItemRequest.builder()
        .tableName(table)
        .key(RecordItem.key(written.id()))
        .updateExpression("SET " + String.join(", ", set) + removal)
        .conditionExpression(UNLESS_LATER)
        .expressionAttributeNames(names)
        .expressionAttributeValues(values)
        .build();
  }

  @Override
  public Optional<JobRecord> read(String id, Duration timeout) {
    return calls.within(
        timeout,
        client -> {
          Map<String, AttributeValue> item =
              client
                  .getItem(g -> g.tableName(table).key(RecordItem.key(id)).consistentRead(true))
                  .item();
          return RecordItem.read(item, time.instant());
        });
  }
}
