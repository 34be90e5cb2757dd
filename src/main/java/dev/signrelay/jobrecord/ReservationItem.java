package dev.signrelay.jobrecord;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The items of reservations. A record of the job, written over one of them, replaces the status and
 * keeps the fingerprint, which tells later requests with the key from others.
 */
final class ReservationItem {

  /** The status of an item that is a reservation and no record yet. */
  static final AttributeValue ANSWERING = RecordItem.string(JobStatus.ANSWERING.code());

  private static final String FINGERPRINT = "fingerprint";
  private static final String LEASE_UNTIL = "leaseUntil";
  private static final String OWNER = "owner";

  /** Some of the names are reserved words. */
  static final Map<String, String> LEASE_NAMES =
      Map.of("#status", RecordItem.STATUS, "#leaseUntil", LEASE_UNTIL, "#owner", OWNER);

  static final Map<String, String> NAMES =
      Map.of(
          "#id",
          RecordItem.ID,
          "#expiresAt",
          RecordItem.EXPIRES_AT,
          "#status",
          RecordItem.STATUS,
          "#fingerprint",
          FINGERPRINT,
          "#leaseUntil",
          LEASE_UNTIL,
          "#owner",
          OWNER);

  private ReservationItem() {}

  /** A put replaces the whole item: nothing stays of a record whose time is over. */
  static Map<String, AttributeValue> write(Reservation made) {
    return Map.of(
        RecordItem.ID,
        RecordItem.string(made.id()),
        RecordItem.STATUS,
        ANSWERING,
        RecordItem.CLIENT,
        RecordItem.string(made.client()),
        RecordItem.ACCEPTED_AT,
        RecordItem.number(made.acceptedAt().toEpochMilli()),
        RecordItem.EXPIRES_AT,
        RecordItem.number(made.keepUntil().getEpochSecond()),
        FINGERPRINT,
        RecordItem.string(made.fingerprint()),
        LEASE_UNTIL,
        RecordItem.number(made.leaseUntil().toEpochMilli()),
        OWNER,
        RecordItem.string(made.owner()));
  }

  /** Empty if the record was written without a reservation, or after it was forgotten. */
  static String fingerprint(Map<String, AttributeValue> item) {
    @Nullable AttributeValue value = item.get(FINGERPRINT);
    return value == null ? "" : value.s();
  }
}
