package dev.signrelay.jobrecord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.jobrecord.CacheEntry.Leased;
import dev.signrelay.jobrecord.CacheEntry.Reusable;
import dev.signrelay.jobrecord.JobTable.Rules;
import dev.signrelay.jobrecord.Reservation.Result.KeyInUse;
import dev.signrelay.testing.FakeDynamoDb;
import dev.signrelay.testing.FakeJobTable;
import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Release 0.2.0 beside this one, during an update and its rollback: they share the items of jobs.
 * Each text is an item that 0.2.0 writes. This release reads it, and writes the same one.
 */
final class Release020Test {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** 1,795,435,200 s since the epoch. */
  private static final Instant NOW = FakeTime.START;

  private static final String DELIVERING =
      """
      id job-1
      status delivering
      client shop
      signature c2lnbmF0dXJl
      lastOutcome http-503
      position 1795435200000000002
      acceptedAt 1795435190000
      attempts 3
      deliveries 1
      nextAttemptAt 1795435230000
      expiresAt 1796644830""";

  private static final String FAILED =
      """
      id job-1
      status failed
      lastOutcome http-422
      reason message-rejected
      position 1795435200000500002
      acceptedAt 1795435200000
      attempts 1
      deliveries 0
      expiresAt 1795521600""";

  private static final String RESERVED =
      """
      id job-1
      status answering
      client shop
      fingerprint f1
      owner one
      acceptedAt 1795435199000
      leaseUntil 1795435210000
      expiresAt 1795521600""";

  /** The record of a job that was reserved. */
  private static final String WAITING =
      """
      id job-1
      status waiting
      client shop
      fingerprint f1
      owner one
      position 1
      acceptedAt 1795435199000
      attempts 0
      deliveries 0
      leaseUntil 1795435210000
      expiresAt 1796644800""";

  /** {@code printf 'https://upstream.example\nhello' | openssl dgst -sha256 -hmac key}. */
  private static final String HELLO =
      "message#83e37a27982a93e03596c712f10dd4918427bd4f8cc36740fbb7eedad843ee8e";

  private static final String LEASED =
      """
      id %s
      leasedBy owner
      leasedUntil 1795435205000
      expiresAt 1795435206"""
          .formatted(HELLO);

  private static final String SIGNED =
      """
      id %s
      signature c2lnbmF0dXJl
      signedAt 1795435199000
      expiresAt 1795435800"""
          .formatted(HELLO);

  private final FakeDynamoDb items = new FakeDynamoDb();
  private final JobTable table =
      FakeJobTable.in(
          items, new Rules(Duration.ofDays(1), Duration.ofMinutes(10), 0), new FakeTime());

  @Test
  void records() {
    assertRecord(
        DELIVERING,
        new JobRecord(
            "job-1",
            JobStatus.DELIVERING,
            1_795_435_200_000_000_002L,
            "shop",
            NOW.minusSeconds(10),
            3,
            1,
            "c2lnbmF0dXJl",
            "http-503",
            NOW.plusSeconds(30),
            null));
    assertRecord(
        FAILED,
        new JobRecord(
            "job-1",
            JobStatus.FAILED,
            1_795_435_200_000_500_002L,
            "",
            NOW,
            1,
            0,
            null,
            "http-422",
            null,
            "message-rejected"));
  }

  private void assertRecord(String item, JobRecord expected) {
    store(item);
    assertThat(table.readRecord("job-1", TIMEOUT)).contains(expected);
    items.clear();
    table.writeRecord(expected, TIMEOUT);
    assertStored(item);
  }

  @Test
  void reservationsAndTheirRecords() {
    JobRecord waiting =
        new JobRecord(
            "job-1",
            JobStatus.WAITING,
            1,
            "shop",
            NOW.minusSeconds(1),
            0,
            0,
            null,
            null,
            null,
            null);
    var _ = table.reserve(reservation("one", NOW.minusSeconds(1)), TIMEOUT);
    assertStored(RESERVED);
    table.writeRecord(waiting, TIMEOUT);
    assertStored(WAITING);

    store(RESERVED);
    assertThat(table.reserve(reservation("two", NOW), TIMEOUT)).isEqualTo(new KeyInUse("f1", null));
    store(WAITING);
    assertThat(table.reserve(reservation("two", NOW), TIMEOUT))
        .isEqualTo(new KeyInUse("f1", waiting));
  }

  private static Reservation reservation(String owner, Instant accepted) {
    return new Reservation(
        "job-1", "shop", "f1", owner, accepted, NOW, NOW.plusSeconds(10), NOW.plusSeconds(86_400));
  }

  @Test
  void signaturesAndLeases() {
    var _ = table.leaseSignature("hello", "owner", NOW.plusSeconds(5), TIMEOUT);
    assertStored(LEASED);
    table.storeSignature("hello", "c2lnbmF0dXJl", NOW.minusSeconds(1), TIMEOUT);
    assertStored(SIGNED);

    store(LEASED);
    assertThat(lease()).isEqualTo(new Leased());
    store(SIGNED);
    assertThat(lease()).isEqualTo(new Reusable("c2lnbmF0dXJl", Duration.ofSeconds(1)));
  }

  private CacheEntry lease() {
    return table.leaseSignature("hello", "other", NOW.plusSeconds(1), TIMEOUT);
  }

  private void store(String text) {
    items.putItem(p -> p.tableName("jobs").item(item(text)));
  }

  private void assertStored(String text) {
    assertThat(items.items()).containsExactly(item(text));
  }

  /** A line for each attribute. Those of digits are numbers. */
  private static Map<String, AttributeValue> item(String text) {
    var item = new HashMap<String, AttributeValue>();
    for (String line : text.split("\n")) {
      String[] attribute = line.split(" ");
      boolean isNumber = attribute[1].matches("[0-9]+");
      item.put(
          attribute[0],
          isNumber ? AttributeValue.fromN(attribute[1]) : AttributeValue.fromS(attribute[1]));
    }
    return item;
  }
}
