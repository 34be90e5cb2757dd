package dev.signrelay.jobrecord;

import static dev.signrelay.aws.Attributes.millis;
import static dev.signrelay.aws.Attributes.number;
import static dev.signrelay.aws.Attributes.seconds;
import static dev.signrelay.aws.Attributes.text;

import dev.signrelay.aws.Attributes;
import dev.signrelay.aws.Table;
import dev.signrelay.aws.Table.Result;
import dev.signrelay.aws.Table.Result.Applied;
import dev.signrelay.aws.Table.Result.Prevented;
import dev.signrelay.jobrecord.Reservation.Result.KeyInUse;
import dev.signrelay.jobrecord.Reservation.Result.Reserved;
import dev.signrelay.secret.SecretUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The table in which all processes share data about jobs. It has four kinds of items:
 *
 * <ul>
 *   <li>the record of a job, under the job's id;
 *   <li>under the id until there is a record: the reservation of an {@code Idempotency-Key};
 *   <li>for each message, under {@code message#HMAC}: its signature, for reuse, and the lease of
 *       the call that is under way for it ({@link CacheEntry});
 *   <li>how many jobs a client has stored in a clock hour (UTC), under {@code client#NAME#HOUR}.
 * </ul>
 *
 * <p>DynamoDB deletes an item within a few days after {@code expiresAt}, which is in seconds since
 * the epoch. Other times are in milliseconds.
 *
 * <p>Each method that has a timeout throws {@link Table.TableUnavailableException} if a request
 * fails or takes longer, or if there is no table. A write may have been applied.
 */
public class JobTable {

  /**
   * The record to be written is later than the stored one. The second line protects the record of a
   * new job: after a record has expired, its {@code Idempotency-Key} may be used again, and a
   * redriven job of the earlier use must not overwrite it.
   */
  private static final String IS_LATER =
      "(attribute_not_exists(#position) OR #position < :position)"
          + " AND (attribute_not_exists(#acceptedAt) OR #acceptedAt <= :acceptedAt)";

  /** Makes a reservation. It removes what is left of an expired record. */
  private static final String RESERVE =
      "SET #status = :answering, #client = :client, #acceptedAt = :acceptedAt,"
          + " #expiresAt = :expiresAt, #fingerprint = :fingerprint, #leaseUntil = :leaseUntil,"
          + " #owner = :owner"
          + " REMOVE #position, #attempts, #deliveries, #signature, #lastOutcome, #nextAttemptAt,"
          + " #reason";

  /**
   * There is no item, it has expired, or it is a reservation for the same request whose lease has
   * ended or is the caller's.
   */
  private static final String IS_FREE =
      "attribute_not_exists(#id) OR #expiresAt <= :nowSeconds"
          + " OR (#status = :answering AND #fingerprint = :fingerprint"
          + " AND (#leaseUntil <= :now OR #owner = :owner))";

  /** There is neither a signature that may be reused nor a lease of another owner. */
  private static final String IS_VACANT =
      "(attribute_not_exists(#signedAt) OR NOT #signedAt BETWEEN :oldest AND :newest)"
          + " AND (attribute_not_exists(#leasedBy) OR #leasedBy = :owner"
          + " OR NOT #leasedUntil BETWEEN :now AND :latest)";

  private static final AttributeValue ANSWERING = text(JobStatus.ANSWERING.code());

  /**
   * A counter is kept this long after the beginning of its hour, because a process whose clock is
   * behind may still use it.
   */
  private static final Duration KEEP_COUNTERS = Duration.ofHours(2);

  /**
   * @param keepRecords how long a record is kept after its job is over
   * @param reuseSignatures how long a signature is reused
   * @param jobsPerHour how many jobs a client may store in a clock hour
   */
  public record Rules(Duration keepRecords, Duration reuseSignatures, int jobsPerHour) {}

  private final Table table;
  private final Rules rules;
  private final MessageKeys messages;
  private final InstantSource clock;

  public JobTable(Table table, Rules rules, MessageKeys messages, InstantSource clock) {
    this.table = table;
    this.rules = rules;
    this.messages = messages;
    this.clock = clock;
  }

  /**
   * Writes a record, unless the table has it already or has a later one under the same id. That is
   * not an error: the SDK may repeat a write.
   */
  public void writeRecord(JobRecord written, Duration timeout) {
    var set = new StringJoiner(", ", "SET ", "");
    var remove = new StringJoiner(", ", " REMOVE ", "").setEmptyValue("");
    var values = new HashMap<String, AttributeValue>();
    written
        .attributes(clock.instant(), rules.keepRecords)
        .forEach(
            (name, value) -> {
              if (value == null) {
                remove.add("#" + name);
              } else {
                set.add("#" + name + " = :" + name);
                values.put(":" + name, value);
              }
            });
    var _ = table.write(written.id(), "" + set + remove, IS_LATER, values, timeout);
  }

  public Optional<JobRecord> readRecord(String id, Duration timeout) {
    return JobRecord.of(table.read(id, timeout), clock.instant());
  }

  /**
   * Reserves the answer to a request. Fails if an unexpired item with this id is a record, a
   * reservation for another request, or a reservation whose lease another owner holds. Of several
   * simultaneous requests with one key, one succeeds. A repetition by the same owner succeeds.
   */
  public Reservation.Result reserve(Reservation wanted, Duration timeout) {
    Result result =
        table.write(
            wanted.id(),
            RESERVE,
            IS_FREE,
            Map.of(
                ":answering", ANSWERING,
                ":client", text(wanted.client()),
                ":acceptedAt", millis(wanted.acceptedAt()),
                ":expiresAt", seconds(wanted.keepUntil()),
                ":fingerprint", text(wanted.fingerprint()),
                ":leaseUntil", millis(wanted.leaseUntil()),
                ":owner", text(wanted.owner()),
                ":now", millis(wanted.at()),
                ":nowSeconds", seconds(wanted.at())),
            timeout);
    return switch (result) {
      case Applied() -> new Reserved();
      // A record that is written over a reservation keeps the reservation's fingerprint.
      case Prevented(var item) ->
          new KeyInUse(
              Attributes.textOrEmpty(item, "fingerprint"),
              JobRecord.of(item, wanted.at())
                  .filter(found -> found.status() != JobStatus.ANSWERING)
                  .orElse(null));
    };
  }

  /**
   * Ends the lease of a reservation, if its owner holds it and there is no record yet, so that the
   * same request can be answered again. The key remains reserved for that request.
   */
  public void release(Reservation made, Duration timeout) {
    var _ =
        table.write(
            made.id(),
            "SET #leaseUntil = :now",
            "#status = :answering AND #owner = :owner",
            Map.of(
                ":answering", ANSWERING,
                ":owner", text(made.owner()),
                ":now", millis(clock.instant())),
            timeout);
  }

  /**
   * Reads the upstream's API key, if it has to be read: the methods for signatures need it.
   *
   * @throws SecretUnavailableException if it is unknown
   */
  public void prepareSignatures(Duration limit) {
    messages.apiKey().get(limit);
  }

  /**
   * Takes the lease of a message, unless there is a signature to reuse, or another caller holds the
   * lease. Of several callers, one takes it and makes the call, and the others wait. A repetition
   * by the same owner succeeds.
   *
   * @param owner a text that is unique to the caller
   * @param until when the lease ends by itself
   * @return {@link CacheEntry.Vacant} if the caller now holds the lease; otherwise what prevented
   *     it
   */
  public CacheEntry leaseSignature(String message, String owner, Instant until, Duration timeout) {
    Instant now = clock.instant();
    Result result =
        table.write(
            messages.id(message),
            "SET #leasedBy = :owner, #leasedUntil = :until, #expiresAt = :expiresAt",
            IS_VACANT,
            Map.of(
                ":owner", text(owner),
                ":until", millis(until),
                ":expiresAt", seconds(until.plusSeconds(1)),
                ":oldest", millis(now.minus(rules.reuseSignatures)),
                ":newest", millis(now.plus(rules.reuseSignatures)),
                ":now", millis(now),
                ":latest", millis(now.plus(CacheEntry.LONGEST_LEASE))),
            timeout);
    return switch (result) {
      case Applied() -> new CacheEntry.Vacant();
      case Prevented(var item) -> {
        CacheEntry present = entry(item);
        // The lease ended during the request. The caller's next request can take it.
        yield present instanceof CacheEntry.Vacant ? new CacheEntry.Leased() : present;
      }
    };
  }

  /**
   * Stores a signature and ends the lease, whoever holds it: all callers can now reuse the
   * signature.
   *
   * @param signedAt when the signature was obtained
   */
  public void storeSignature(String message, String signature, Instant signedAt, Duration timeout) {
    var _ =
        table.write(
            messages.id(message),
            "SET #signature = :signature, #signedAt = :at, #expiresAt = :expiresAt"
                + " REMOVE #leasedBy, #leasedUntil",
            "",
            Map.of(
                ":signature", text(signature),
                ":at", millis(signedAt),
                ":expiresAt", seconds(signedAt.plus(rules.reuseSignatures).plusSeconds(1))),
            timeout);
  }

  /** Ends the lease of a message without a signature, if the owner holds it. */
  public void releaseSignature(String message, String owner, Duration timeout) {
    var _ =
        table.write(
            messages.id(message),
            "REMOVE #leasedBy, #leasedUntil",
            "#leasedBy = :owner",
            Map.of(":owner", text(owner)),
            timeout);
  }

  private CacheEntry entry(Map<String, AttributeValue> item) {
    return CacheEntry.of(item, clock.instant(), rules.reuseSignatures);
  }

  /**
   * Counts a job, if its client has not used up the hour's quota. A write that the SDK repeats
   * counts twice, so a client may be able to store fewer jobs than its quota. Because of {@link
   * #returnQuota} it may also store more.
   *
   * @param client not empty
   * @param now determines the hour
   * @return false: the quota is used up, and the job is not counted
   */
  public boolean takeQuota(String client, Instant now, Duration timeout) {
    return count(
        1,
        "attribute_not_exists(#used) OR #used < :bound",
        rules.jobsPerHour,
        client,
        now,
        timeout);
  }

  /**
   * Subtracts a job whose send failed from its client's count. The job may nevertheless be in the
   * queue, and a write that the SDK repeats subtracts it twice.
   *
   * @param taken when it was counted
   */
  public void returnQuota(String client, Instant taken, Duration timeout) {
    var _ = count(-1, "#used > :bound", 0, client, taken, timeout);
  }

  private boolean count(
      int change, String condition, int bound, String client, Instant time, Duration timeout) {
    Instant hour = time.truncatedTo(ChronoUnit.HOURS);
    return table.write(
            "client#" + client + "#" + hour,
            "ADD #used :change SET #expiresAt = :expiresAt",
            condition,
            Map.of(
                ":change", number(change),
                ":bound", number(bound),
                ":expiresAt", seconds(hour.plus(KEEP_COUNTERS))),
            timeout)
        instanceof Applied;
  }

  /** The time until the next clock hour, when quotas begin again. Positive, and at most an hour. */
  public static Duration untilNextHour(Instant now) {
    return Duration.between(now, now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS));
  }
}
