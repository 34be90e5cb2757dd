package dev.signrelay.jobrecord;

import dev.signrelay.testing.FakeRecords;

/** The fake of other tests keeps the contract of the store. */
final class FakeRecordsTest extends JobRecordsContract {

  private final FakeRecords records = new FakeRecords();

  @Override
  JobRecords records() {
    return records;
  }
}
