package dev.signrelay.simulation;

import dev.signrelay.aws.Table;
import dev.signrelay.aws.Table.TableUnavailableException;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.jobrecord.CacheEntry;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.jobrecord.Reservation;
import dev.signrelay.jobrecord.Reservation.Result.KeyInUse;
import dev.signrelay.jobrecord.Reservation.Result.Reserved;
import dev.signrelay.testing.FakeJobTable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The table of jobs, with requests that can fail before and after their effect, and with the
 * defects of tables.
 */
final class FaultyJobTable extends JobTable {

  private final Invocation invocation;
  private final Mutation mutation;

  FaultyJobTable(Invocation invocation) {
    super(
        new Table(
            () -> new FaultyDynamoDb(invocation),
            invocation.process.config().records().table(),
            invocation.process),
        invocation.world.jobRules(),
        FakeJobTable.KEYS,
        invocation.process);
    this.invocation = invocation;
    this.mutation = invocation.world.mutation;
  }

  @Override
  public void writeRecord(JobRecord tagged, Duration timeout) {
    try {
      write(flawed(tagged), timeout);
    } catch (TableUnavailableException e) {
      if (mutation != Mutation.SWALLOW_A_FAILED_RECORD) {
        throw e;
      }
    }
  }

  private JobRecord flawed(JobRecord written) {
    return switch (mutation) {
      case RECORD_A_DELIVERY_AHEAD ->
          written.status() == JobStatus.DELIVERING
              ? with(written, JobStatus.DELIVERED, written.position(), written.signature())
              : written;
      case LAST_RECORD_WINS ->
          with(
              written,
              written.status(),
              invocation.world.time.instant().toEpochMilli(),
              written.signature());
      default -> written;
    };
  }

  private static JobRecord with(
      JobRecord r, JobStatus status, long position, @Nullable String signature) {
    return new JobRecord(
        r.id(),
        status,
        position,
        r.client(),
        r.acceptedAt(),
        r.attempts(),
        r.deliveries(),
        signature,
        r.lastOutcome(),
        r.nextAttemptAt(),
        r.reason());
  }

  private void write(JobRecord tagged, Duration timeout) {
    World world = invocation.world;
    String signature = tagged.signature() == null ? null : RecordTag.remove(tagged.signature());
    JobRecord written = with(tagged, tagged.status(), tagged.position(), signature);
    Optional<Progress> kept = kept(tagged);
    kept.ifPresent(job -> world.invariants.keeps(invocation, job));
    world.records.sends(invocation, written);
    invocation.trace("write %s, position %d", written, written.position());
    try {
      affecting(
          written.id(),
          () -> {
            super.writeRecord(written, timeout);
            return true;
          });
    } catch (TableUnavailableException e) {
      kept.ifPresent(job -> job.fail(invocation.process.instant(), null));
      world.records.isUnwritten(written);
      throw e;
    }
  }

  /** The job whose signature is delivered to its record; empty: this is the record of a step. */
  private Optional<Progress> kept(JobRecord tagged) {
    return Optional.ofNullable(tagged.signature())
        .map(invocation::of)
        .filter(
            job ->
                job.received instanceof NeedsCallback signed
                    && signed.acceptance().callbackUrl() == null
                    && signed.id().equals(tagged.id())
                    && tagged.status() == JobStatus.SIGNED);
  }

  @Override
  public Optional<JobRecord> readRecord(String id, Duration timeout) {
    return affecting(id, () -> super.readRecord(id, timeout));
  }

  @Override
  public Reservation.Result reserve(Reservation wanted, Duration timeout) {
    Reservation.Result result = affecting(wanted.id(), () -> super.reserve(wanted, timeout));
    return switch (mutation) {
      case RESERVE_FOR_ALL -> new Reserved();
      case IGNORE_THE_FINGERPRINT ->
          result instanceof KeyInUse(_, JobRecord present)
              ? new KeyInUse(wanted.fingerprint(), present)
              : result;
      default -> result;
    };
  }

  @Override
  public void release(Reservation made, Duration timeout) {
    affecting(
        made.id(),
        () -> {
          super.release(made, timeout);
          return true;
        });
  }

  /** A failure of the request affects the job. */
  private <T> T affecting(String id, Supplier<T> request) {
    return request(
        request,
        () ->
            invocation.jobs.stream()
                .filter(job -> job.jobId().equals(id))
                .forEach(job -> job.affected = true));
  }

  private String plain(String message) {
    return mutation == Mutation.ONE_SIGNATURE_FOR_ALL ? "any" : RecordTag.remove(message);
  }

  @Override
  public CacheEntry leaseSignature(String message, String owner, Instant until, Duration timeout) {
    String plain = plain(message);
    if (invocation.process.isClockWrong()) {
      invocation.world.calls.struck(plain);
    }
    return answer(
        message, striking(plain, () -> super.leaseSignature(plain, owner, until, timeout)));
  }

  /** A job that is signed without a call needs its turn no more. */
  private CacheEntry answer(String message, CacheEntry entry) {
    if (mutation == Mutation.CALL_WITHOUT_LEASE && entry instanceof CacheEntry.Leased) {
      return new CacheEntry.Vacant();
    }
    if (!(entry instanceof CacheEntry.Reusable(String signature, Duration age))) {
      return entry;
    }
    Progress progress = invocation.of(message);
    progress.history = progress.history.withSignature();
    invocation.world.live.calls();
    invocation.trace("reuse %s", signature);
    return new CacheEntry.Reusable(RecordTag.like(message, signature), age);
  }

  @Override
  public void storeSignature(String message, String signature, Instant signedAt, Duration timeout) {
    String plain = plain(message);
    striking(
        plain,
        () -> {
          super.storeSignature(plain, RecordTag.remove(signature), signedAt, timeout);
          return true;
        });
  }

  @Override
  public void releaseSignature(String message, String owner, Duration timeout) {
    String plain = plain(message);
    try {
      striking(
          plain,
          () -> {
            super.releaseSignature(plain, owner, timeout);
            return true;
          });
    } finally {
      // The attempt ends later than its call.
      Progress progress = invocation.of(message);
      progress.failedAt = progress.failedAt == null ? null : invocation.process.instant();
    }
  }

  /** After a failure of the request, calls for the message may be made without the cache. */
  private <T> T striking(String message, Supplier<T> request) {
    return request(
        request,
        () -> {
          invocation.trace("the cache failed");
          invocation.world.calls.struck(message);
        });
  }

  private <T> T request(Supplier<T> request, Runnable onFailure) {
    invocation.step(CrashPoint.AROUND_A_TABLE_REQUEST);
    try {
      return request.get();
    } catch (TableUnavailableException e) {
      onFailure.run();
      throw e;
    }
  }
}
