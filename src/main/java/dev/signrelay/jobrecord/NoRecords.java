package dev.signrelay.jobrecord;

import java.time.Duration;
import java.util.Optional;

/** There is no table of records. */
public final class NoRecords implements JobRecords {

  @Override
  public void write(JobRecord written, Duration timeout) {
    throw unavailable();
  }

  @Override
  public Optional<JobRecord> read(String id, Duration timeout) {
    throw unavailable();
  }

  private static RecordsUnavailableException unavailable() {
    return new RecordsUnavailableException("there is no table of records");
  }
}
