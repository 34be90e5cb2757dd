package dev.signrelay.jobrecord;

import java.time.Duration;

/** The simulated table keeps the contract of the reservations. */
final class SimulatedReservationsTest extends ReservationsContract {

  private final SimulatedJobTable table = new SimulatedJobTable(Duration.ofDays(1));

  @Override
  Reservations reservations() {
    return table.by(TIME);
  }

  @Override
  JobRecords records() {
    return table.by(TIME);
  }
}
