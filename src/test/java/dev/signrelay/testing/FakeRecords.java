package dev.signrelay.testing;

import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobRecords;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records in memory. The writes are kept in their order, also those that changed nothing. */
public final class FakeRecords implements JobRecords {

  public final List<JobRecord> written = new CopyOnWriteArrayList<>();

  /** The timeout of each write and read. */
  public final List<Duration> timeouts = new CopyOnWriteArrayList<>();

  public volatile boolean isDown;

  @Override
  public void write(JobRecord record, Duration timeout) {
    timeouts.add(timeout);
    requireUp();
    written.add(record);
  }

  @Override
  public Optional<JobRecord> read(String id, Duration timeout) {
    timeouts.add(timeout);
    requireUp();
    return written.stream().filter(r -> r.id().equals(id)).reduce(FakeRecords::after);
  }

  private static JobRecord after(JobRecord stored, JobRecord next) {
    if (next.position() <= stored.position()) {
      return stored;
    }
    return next.lastOutcome() != null
        ? next
        : new JobRecord(
            next.id(),
            next.status(),
            next.position(),
            next.client(),
            next.acceptedAt(),
            next.attempts(),
            next.deliveries(),
            next.signature(),
            stored.lastOutcome(),
            next.nextAttemptAt(),
            next.reason());
  }

  private void requireUp() {
    if (isDown) {
      throw new RecordsUnavailableException("the table is down");
    }
  }
}
