package dev.signrelay.jobrecord;

import dev.signrelay.jobrecord.JobRecords.RecordsUnavailableException;
import java.time.Duration;

/** There is no table of records. */
public final class NoReservations implements Reservations {

  @Override
  public Answer reserve(Reservation wanted, Duration timeout) {
    throw new RecordsUnavailableException("there is no table of records");
  }

  @Override
  public void release(Reservation made, Duration timeout) {
    throw new RecordsUnavailableException("there is no table of records");
  }
}
