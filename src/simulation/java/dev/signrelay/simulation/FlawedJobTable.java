package dev.signrelay.simulation;

import dev.signrelay.aws.Table.TableUnavailableException;
import dev.signrelay.jobrecord.CacheEntry;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.jobrecord.Reservation;
import dev.signrelay.jobrecord.Reservation.Result.KeyInUse;
import dev.signrelay.jobrecord.Reservation.Result.Reserved;
import java.time.Duration;
import java.time.Instant;

/** A table of jobs with one defect. */
final class FlawedJobTable extends FaultyJobTable {

  private final Mutation mutation;
  private final Invocation invocation;

  FlawedJobTable(Mutation mutation, Invocation invocation) {
    super(invocation);
    this.mutation = mutation;
    this.invocation = invocation;
  }

  @Override
  public void writeRecord(JobRecord written, Duration timeout) {
    try {
      super.writeRecord(changed(written), timeout);
    } catch (TableUnavailableException e) {
      if (mutation != Mutation.SWALLOW_A_FAILED_RECORD) {
        throw e;
      }
    }
  }

  private JobRecord changed(JobRecord r) {
    if (mutation == Mutation.RECORD_A_DELIVERY_AHEAD && r.status() == JobStatus.DELIVERING) {
      return with(r, JobStatus.DELIVERED, r.position());
    }
    return mutation == Mutation.LAST_RECORD_WINS
        ? with(r, r.status(), invocation.world().time.instant().toEpochMilli())
        : r;
  }

  private static JobRecord with(JobRecord r, JobStatus status, long position) {
    return new JobRecord(
        r.id(),
        status,
        position,
        r.client(),
        r.acceptedAt(),
        r.attempts(),
        r.deliveries(),
        r.signature(),
        r.lastOutcome(),
        r.nextAttemptAt(),
        r.reason());
  }

  @Override
  public Reservation.Result reserve(Reservation wanted, Duration timeout) {
    Reservation.Result result = super.reserve(wanted, timeout);
    if (mutation == Mutation.RESERVE_FOR_ALL) {
      return new Reserved();
    }
    return mutation == Mutation.IGNORE_THE_FINGERPRINT
            && result instanceof KeyInUse(_, JobRecord present)
        ? new KeyInUse(wanted.fingerprint(), present)
        : result;
  }

  private String key(String message) {
    return mutation == Mutation.ONE_SIGNATURE_FOR_ALL ? RecordTag.like(message, "any") : message;
  }

  private CacheEntry entry(CacheEntry read) {
    return mutation == Mutation.CALL_WITHOUT_LEASE && read instanceof CacheEntry.Leased
        ? new CacheEntry.Vacant()
        : read;
  }

  @Override
  public CacheEntry readSignature(String message, Duration timeout) {
    return entry(super.readSignature(key(message), timeout));
  }

  @Override
  public CacheEntry leaseSignature(String message, String owner, Instant until, Duration timeout) {
    return entry(super.leaseSignature(key(message), owner, until, timeout));
  }

  @Override
  public void storeSignature(String message, String signature, Instant signedAt, Duration timeout) {
    super.storeSignature(key(message), signature, signedAt, timeout);
  }

  @Override
  public void releaseSignature(String message, String owner, Duration timeout) {
    super.releaseSignature(key(message), owner, timeout);
  }
}
