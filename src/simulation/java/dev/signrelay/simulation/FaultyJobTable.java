package dev.signrelay.simulation;

import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobRecords;
import dev.signrelay.jobrecord.JobRecords.RecordsUnavailableException;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.jobrecord.Reservation;
import dev.signrelay.jobrecord.Reservations;
import dev.signrelay.jobrecord.SimulatedJobTable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Records and reservations, with requests that can fail before and after their effect. */
record FaultyJobTable(Invocation invocation) implements JobRecords, Reservations {

  @Override
  public void write(JobRecord tagged, Duration timeout) {
    FaultWorld world = invocation.world();
    JobRecord written = RecordTag.remove(tagged);
    Optional<Progress> kept = kept(tagged);
    kept.ifPresent(job -> world.invariants.keeps(invocation, job));
    world.records.sends(invocation, written);
    invocation.trace("write %s, position %d", written, written.position());
    try {
      var _ =
          request(
              written.id(),
              timeout,
              () -> {
                world.records.applies(written, r -> stores().write(r, timeout));
                return true;
              });
    } catch (RecordsUnavailableException e) {
      kept.ifPresent(job -> job.fail(invocation.process().instant(), null));
      throw e;
    }
  }

  /** The job whose signature is delivered to its record; empty: this is the record of a step. */
  private Optional<Progress> kept(JobRecord tagged) {
    return Optional.ofNullable(tagged.signature())
        .map(invocation::of)
        .filter(
            job ->
                job.received() instanceof NeedsCallback signed
                    && signed.acceptance().callbackUrl() == null
                    && signed.id().equals(tagged.id())
                    && tagged.status() == JobStatus.SIGNED);
  }

  @Override
  public Optional<JobRecord> read(String id, Duration timeout) {
    return request(id, timeout, () -> stores().read(id, timeout));
  }

  @Override
  public Answer reserve(Reservation wanted, Duration timeout) {
    return request(
        wanted.id(),
        timeout,
        () -> {
          Answer answer = stores().reserve(wanted, timeout);
          if (answer instanceof Answer.Reserved) {
            invocation.world().idempotency.reserved(invocation.jobs().getFirst());
          }
          return answer;
        });
  }

  @Override
  public void release(Reservation made, Duration timeout) {
    var _ =
        request(
            made.id(),
            timeout,
            () -> {
              stores().release(made, timeout);
              return true;
            });
  }

  private SimulatedJobTable.Stores stores() {
    return invocation.world().jobTable.by(invocation.process());
  }

  private <T> T request(String id, Duration timeout, Supplier<T> effect) {
    try {
      return invocation.callTable(timeout, effect);
    } catch (TimeoutException | ExecutionException e) {
      invocation.jobs().stream().filter(job -> job.jobId().equals(id)).forEach(Progress::affect);
      throw new RecordsUnavailableException("the table of jobs", e);
    }
  }
}
