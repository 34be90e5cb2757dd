package dev.signrelay.jobrecord;

import static software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure.ALL_OLD;

import dev.signrelay.aws.TimedCall;
import dev.signrelay.jobrecord.JobRecords.RecordsUnavailableException;
import dev.signrelay.jobrecord.Reservations.Answer.Reserved;
import dev.signrelay.jobrecord.Reservations.Answer.Taken;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * The reservations as items of the table of records, under the ids of their jobs. {@link
 * ReservationItem} has their attributes.
 *
 * <p>DynamoDB applies writes to one item one after the other (Amazon DynamoDB developer guide,
 * "Working with items"). A condition that fails returns the item as it is, so that nothing is read.
 * DynamoDB deletes items days after their time is over: the condition treats them as deleted.
 */
public final class DynamoDbReservations implements Reservations {

  private final TimedCall<DynamoDbClient> calls;
  private final String table;
  private final TimeSource time;

  /**
   * @param client called for each request
   */
  public DynamoDbReservations(Supplier<DynamoDbClient> client, String table, TimeSource time) {
    this.calls = new TimedCall<>(client, time, "the table", RecordsUnavailableException::new);
    this.table = table;
    this.time = time;
  }

  @Override
  public Answer reserve(Reservation wanted, Duration timeout) {
    Map<String, AttributeValue> values =
        Map.of(
            ":answering", ReservationItem.ANSWERING,
            ":fingerprint", RecordItem.string(wanted.fingerprint()),
            ":owner", RecordItem.string(wanted.owner()),
            ":now", RecordItem.number(wanted.at().toEpochMilli()),
            ":nowSeconds", RecordItem.number(wanted.at().getEpochSecond()));
    return calls.within(
        timeout,
        client -> {
          try {
            client.putItem(
                p ->
                    p.tableName(table)
                        .item(ReservationItem.write(wanted))
                        .conditionExpression(
                            "attribute_not_exists(#id) OR #expiresAt <= :nowSeconds"
                                + " OR (#status = :answering AND #fingerprint = :fingerprint"
                                + " AND (#leaseUntil <= :now OR #owner = :owner))")
                        .expressionAttributeNames(ReservationItem.NAMES)
                        .expressionAttributeValues(values)
                        .returnValuesOnConditionCheckFailure(ALL_OLD));
            return new Reserved();
          } catch (ConditionalCheckFailedException e) {
            return taken(e.item(), wanted.at());
          }
        });
  }

  private static Answer taken(Map<String, AttributeValue> item, Instant now) {
    JobRecord present =
        RecordItem.read(item, now)
            .filter(found -> found.status() != JobStatus.ANSWERING)
            .orElse(null);
    return new Taken(ReservationItem.fingerprint(item), present);
  }

  @Override
  public void release(Reservation made, Duration timeout) {
    Map<String, AttributeValue> values =
        Map.of(
            ":answering", ReservationItem.ANSWERING,
            ":owner", RecordItem.string(made.owner()),
            ":now", RecordItem.number(time.millis()));
    var _ =
        calls.within(
            timeout,
            client -> {
              try {
                client.updateItem(
                    u ->
                        u.tableName(table)
                            .key(RecordItem.key(made.id()))
                            .updateExpression("SET #leaseUntil = :now")
                            .conditionExpression("#status = :answering AND #owner = :owner")
                            .expressionAttributeNames(ReservationItem.LEASE_NAMES)
                            .expressionAttributeValues(values));
                return true;
              } catch (ConditionalCheckFailedException _) {
                return false;
              }
            });
  }
}
