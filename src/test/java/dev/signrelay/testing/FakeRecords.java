package dev.signrelay.testing;

import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobRecords;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records in memory, in the order in which they were written. */
public final class FakeRecords implements JobRecords {

  public final List<JobRecord> written = new CopyOnWriteArrayList<>();
  public boolean isDown;

  @Override
  public void write(JobRecord record, Duration timeout) {
    requireUp();
    written.add(record);
  }

  @Override
  public Optional<JobRecord> read(String id, Duration timeout) {
    requireUp();
    return written.reversed().stream().filter(r -> r.id().equals(id)).findFirst();
  }

  private void requireUp() {
    if (isDown) {
      throw new RecordsUnavailableException("the table is down");
    }
  }
}
