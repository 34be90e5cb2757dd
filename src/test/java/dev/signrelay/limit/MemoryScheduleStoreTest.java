package dev.signrelay.limit;

/** That the store of the simulations does what DynamoDB does. */
final class MemoryScheduleStoreTest extends ScheduleStoreContract {

  @Override
  ScheduleStore emptyStore() {
    return new MemoryScheduleStore();
  }
}
