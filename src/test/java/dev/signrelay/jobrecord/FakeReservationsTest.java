package dev.signrelay.jobrecord;

import dev.signrelay.testing.FakeRecords;
import dev.signrelay.testing.FakeReservations;

/** Runs the contract on the store that tests use. */
final class FakeReservationsTest extends ReservationsContract {

  private final FakeRecords records = new FakeRecords();
  private final FakeReservations reservations = new FakeReservations(records, TIME);

  @Override
  Reservations reservations() {
    return reservations;
  }

  @Override
  JobRecords records() {
    return records;
  }
}
