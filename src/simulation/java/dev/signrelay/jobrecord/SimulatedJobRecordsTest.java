package dev.signrelay.jobrecord;

import java.time.Duration;
import java.time.InstantSource;

/** The simulated table keeps the contract of the records. */
final class SimulatedJobRecordsTest extends JobRecordsContract {

  private final SimulatedJobTable table = new SimulatedJobTable(Duration.ofDays(1));

  @Override
  JobRecords records() {
    return table.by(InstantSource.fixed(NOW));
  }
}
