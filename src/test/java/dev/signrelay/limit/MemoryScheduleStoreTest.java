package dev.signrelay.limit;

/** The store of the simulations fulfils the same contract as DynamoDB. */
final class MemoryScheduleStoreTest extends ScheduleStoreContract {

  @Override
  ScheduleStore emptyStore() {
    return new MemoryScheduleStore();
  }
}
