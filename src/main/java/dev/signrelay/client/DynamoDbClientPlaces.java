package dev.signrelay.client;

import dev.signrelay.aws.TimedCall;
import dev.signrelay.client.ClientPlaces.Answer.NoneLeft;
import dev.signrelay.client.ClientPlaces.Answer.Taken;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/**
 * The places as items of the table of records, one for each client: {@code client#} and its name.
 * Its attributes {@code m} and a minute count the places that end in that minute.
 *
 * <p>A place costs one write. It is counted first, and given back if there are too many: of
 * requests at the same time, some may be refused that could have been the last one.
 */
public final class DynamoDbClientPlaces implements ClientPlaces {

  private static final String KEY = "client#";
  private static final String MINUTE = "m";

  /** Longer than SQS keeps a job in line (Amazon SQS developer guide, "Message quotas"). */
  private static final Duration KEEP = Duration.ofDays(15);

  /** Past minutes are removed once there are this many. */
  private static final int PAST_MINUTES_TO_REMOVE = 50;

  private final TimedCall<DynamoDbClient> calls;
  private final String table;
  private final int most;
  private final TimeSource time;

  /**
   * @param client called for each request
   * @param most how many places a client may have; 0: {@link #take} is not called
   */
  public DynamoDbClientPlaces(
      Supplier<DynamoDbClient> client, String table, int most, TimeSource time) {
    this.calls = new TimedCall<>(client, time, "the table", PlacesUnavailableException::new);
    this.table = table;
    this.most = most;
    this.time = time;
  }

  @Override
  public Answer take(String name, Duration wait, Duration timeout) {
    Instant now = time.instant();
    long end = PlacesTaken.endOf(wait, now);
    return calls.within(timeout, dynamo -> take(dynamo, name, end, now));
  }

  @Override
  public void giveBack(String name, Taken place, Duration timeout) {
    var _ = calls.within(timeout, dynamo -> count(dynamo, name, place.end(), -1, time.instant()));
  }

  private Answer take(DynamoDbClient dynamo, String name, long end, Instant now) {
    Map<String, AttributeValue> item = count(dynamo, name, end, 1, now);
    var taken = new PlacesTaken(minutes(item));
    if (taken.count(now) > most) {
      var others = new PlacesTaken(minutes(count(dynamo, name, end, -1, now)));
      return new NoneLeft(others.nextEnd(now));
    }
    removePast(dynamo, name, taken, now);
    return new Taken(end);
  }

  private Map<String, AttributeValue> count(
      DynamoDbClient dynamo, String name, long minute, int change, Instant now) {
    return dynamo
        .updateItem(
            u ->
                u.tableName(table)
                    .key(key(name))
                    .updateExpression("ADD #minute :change SET #expiresAt = :expiry")
                    .expressionAttributeNames(
                        Map.of("#minute", MINUTE + minute, "#expiresAt", "expiresAt"))
                    .expressionAttributeValues(
                        Map.of(
                            ":change", number(change),
                            ":expiry", number(now.plus(KEEP).getEpochSecond())))
                    .returnValues(ReturnValue.ALL_NEW))
        .attributes();
  }

  private void removePast(DynamoDbClient dynamo, String name, PlacesTaken taken, Instant now) {
    List<Long> past =
        taken.byMinute().keySet().stream()
            .filter(minute -> PlacesTaken.isPast(minute, now))
            .limit(PAST_MINUTES_TO_REMOVE)
            .toList();
    if (past.size() == PAST_MINUTES_TO_REMOVE) {
      String attributes = String.join(", ", past.stream().map(minute -> MINUTE + minute).toList());
      var _ =
          dynamo.updateItem(
              u -> u.tableName(table).key(key(name)).updateExpression("REMOVE " + attributes));
    }
  }

  private static Map<Long, Long> minutes(Map<String, AttributeValue> item) {
    var minutes = new HashMap<Long, Long>();
    item.forEach(
        (attribute, value) -> {
          if (attribute.matches(MINUTE + "\\d+")) {
            minutes.put(
                Long.valueOf(attribute.substring(MINUTE.length())), Long.valueOf(value.n()));
          }
        });
    return minutes;
  }

  private static Map<String, AttributeValue> key(String name) {
    return Map.of("id", AttributeValue.fromS(KEY + name));
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }
}
