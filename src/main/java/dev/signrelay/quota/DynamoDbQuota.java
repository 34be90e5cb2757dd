package dev.signrelay.quota;

import dev.signrelay.aws.TimedCall;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Counters in the table of records: an item {@code client#NAME#HOUR} for each client and hour. A
 * job costs one conditional write, also if it is refused.
 */
public final class DynamoDbQuota implements Quota {

  /** A clock that is behind may still count in an hour that is over. */
  private static final Duration KEEP = Duration.ofHours(2);

  private final TimedCall<DynamoDbClient> calls;
  private final String table;
  private final int jobsPerHour;

  /**
   * @param client called for each request
   * @param jobsPerHour of each client; 0: {@link #take} is not called
   */
  public DynamoDbQuota(
      Supplier<DynamoDbClient> client, String table, int jobsPerHour, TimeSource time) {
    this.calls = new TimedCall<>(client, time, "the table", QuotaUnavailableException::new);
    this.table = table;
    this.jobsPerHour = jobsPerHour;
  }

  @Override
  public boolean take(String client, Instant now, Duration timeout) {
    return add(1, "attribute_not_exists(used) OR used < :bound", jobsPerHour, client, now, timeout);
  }

  @Override
  public void giveBack(String client, Instant taken, Duration timeout) {
    var _ = add(-1, "used > :bound", 0, client, taken, timeout);
  }

  /** Returns whether the condition held. */
  private boolean add(
      int change, String condition, int bound, String client, Instant time, Duration timeout) {
    Instant hour = time.truncatedTo(ChronoUnit.HOURS);
    return calls.within(
        timeout,
        dynamo -> {
          try {
            dynamo.updateItem(
                u ->
                    u.tableName(table)
                        .key(Map.of("id", AttributeValue.fromS("client#" + client + "#" + hour)))
                        .updateExpression("ADD used :change SET expiresAt = :expiresAt")
                        .conditionExpression(condition)
                        .expressionAttributeValues(
                            Map.of(
                                ":change", number(change),
                                ":bound", number(bound),
                                ":expiresAt", number(hour.plus(KEEP).getEpochSecond()))));
            return true;
          } catch (ConditionalCheckFailedException _) {
            return false;
          }
        });
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }
}
