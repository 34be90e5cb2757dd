package dev.signrelay.limit;

import static dev.signrelay.aws.Attributes.millis;
import static dev.signrelay.aws.Attributes.number;
import static dev.signrelay.aws.Attributes.text;
import static software.amazon.awssdk.services.dynamodb.model.ReturnValue.ALL_NEW;
import static software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure.ALL_OLD;

import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * The state as one item of a DynamoDB table; {@link RateLimitState} reads and writes the item.
 *
 * <p>DynamoDB applies writes to one item one after the other (Amazon DynamoDB developer guide,
 * "Working with items"). The response to a write whose condition fails contains the present item.
 */
final class DynamoDbScheduleStore implements ScheduleStore {

  private final Supplier<DynamoDbClient> client;
  private final String table;
  private final InstantSource clock;

  /**
   * @param clock compared with DynamoDB's clock at each response
   */
  DynamoDbScheduleStore(Supplier<DynamoDbClient> client, String table, InstantSource clock) {
    this.client = client;
    this.table = table;
    this.clock = clock;
  }

  @Override
  public @Nullable RateLimitState read() {
    var item =
        checked(
                dynamo ->
                    dynamo.getItem(
                        g -> g.tableName(table).key(RateLimitState.KEY).consistentRead(true)))
            .item();
    return item.isEmpty() ? null : RateLimitState.of(item);
  }

  @Override
  public WriteResult take(Take request) {
    boolean inLine = request.place() == Place.IN_LINE;
    return update(
        "ADD granted :count, waiting :left SET takenBy = :token",
        "version = :version AND granted <= :most AND takenBy <> :token"
            + " AND waiting <= :waiting",
        Map.of(
            ":count", number(request.count()),
            ":left", number(inLine ? -request.count() : 0),
            ":version", text(request.last().schedule().version()),
            ":most", number(request.most() + 1 - request.count()),
            ":token", text(request.token()),
            ":waiting", number(inLine ? Long.MAX_VALUE : 0)),
        null,
        request.askedAt());
  }

  @Override
  public WriteResult note(
      long waiting, long most, @Nullable Instant notedAt, @Nullable Instant askedAt) {
    return update(
        "SET waiting = :waiting",
        "attribute_exists(version) AND waiting <= :most",
        Map.of(":waiting", number(waiting), ":most", number(most)),
        notedAt,
        askedAt);
  }

  @Override
  public WriteResult add(long joined, @Nullable Instant askedAt) {
    return update(
        "SET waiting = waiting + :joined",
        "waiting > :zero",
        Map.of(":joined", number(joined), ":zero", number(0)),
        null,
        askedAt);
  }

  private WriteResult update(
      String expression,
      String condition,
      Map<String, AttributeValue> values,
      @Nullable Instant notedAt,
      @Nullable Instant askedAt) {
    var all = new HashMap<>(values);
    String update = expression + time("notedAt", notedAt, all) + time("askedAt", askedAt, all);
    return written(
        dynamo ->
            dynamo.updateItem(
                u ->
                    u.tableName(table)
                        .key(RateLimitState.KEY)
                        .updateExpression(update)
                        .conditionExpression(condition)
                        .expressionAttributeValues(all)
                        .returnValues(ALL_NEW)
                        .returnValuesOnConditionCheckFailure(ALL_OLD)),
        response -> RateLimitState.of(response.attributes()));
  }

  /** Returns the expression that sets a time, and adds its value; null: an empty one. */
  private static String time(
      String name, @Nullable Instant time, Map<String, AttributeValue> values) {
    if (time == null) {
      return "";
    }
    values.put(":" + name, millis(time));
    return ", %s = :%s".formatted(name, name);
  }

  @Override
  public WriteResult replace(@Nullable RateLimitState expected, RateLimitState next) {
    return written(
        dynamo ->
            dynamo.putItem(
                p -> {
                  p.tableName(table).item(next.item()).returnValuesOnConditionCheckFailure(ALL_OLD);
                  if (expected == null) {
                    p.conditionExpression("attribute_not_exists(id)");
                  } else {
                    GrantSchedule schedule = expected.schedule();
                    p.conditionExpression(
                            "version = :version AND granted = :granted"
                                + " AND (attribute_not_exists(notedAt) OR notedAt = :noted)"
                                + " AND waiting <= :waiting")
                        .expressionAttributeValues(
                            Map.of(
                                ":version", text(schedule.version()),
                                ":granted", number(schedule.granted()),
                                ":noted", millis(expected.notedAt()),
                                ":waiting", number(expected.waiting())));
                  }
                }),
        _ -> next);
  }

  private <R extends AwsResponse> WriteResult written(
      Function<DynamoDbClient, R> request, Function<R, RateLimitState> applied) {
    try {
      return new Applied(applied.apply(checked(request)));
    } catch (ConditionalCheckFailedException e) {
      return new Conflict(e.item().isEmpty() ? null : RateLimitState.of(e.item()));
    }
  }

  /** Sends a request and compares the clocks, also if the condition fails. */
  private <R extends AwsResponse> R checked(Function<DynamoDbClient, R> request) {
    Instant sent = clock.instant();
    try {
      R response = request.apply(client.get());
      requireClock(sent, response.sdkHttpResponse());
      return response;
    } catch (ConditionalCheckFailedException e) {
      requireClock(sent, e.awsErrorDetails().sdkHttpResponse());
      throw e;
    }
  }

  private void requireClock(Instant sent, @Nullable SdkHttpResponse response) {
    String date = response == null ? null : response.firstMatchingHeader("Date").orElse(null);
    ClockCheck.require(sent, clock.instant(), date);
  }
}
