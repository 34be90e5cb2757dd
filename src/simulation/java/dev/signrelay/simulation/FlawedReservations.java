package dev.signrelay.simulation;

import dev.signrelay.jobrecord.Reservation;
import dev.signrelay.jobrecord.Reservations;
import java.time.Duration;
import java.util.function.BiFunction;

/**
 * Reservations that are read wrongly.
 *
 * @param read is applied to each reservation that is wanted, and the answer
 */
record FlawedReservations(Reservations reservations, BiFunction<Reservation, Answer, Answer> read)
    implements Reservations {

  /** A key that is taken is always taken for the same request. */
  static Answer sameRequest(Reservation wanted, Answer answer) {
    return answer instanceof Answer.Taken(_, var present)
        ? new Answer.Taken(wanted.fingerprint(), present)
        : answer;
  }

  @Override
  public Answer reserve(Reservation wanted, Duration timeout) {
    return read.apply(wanted, reservations.reserve(wanted, timeout));
  }

  @Override
  public void release(Reservation made, Duration timeout) {
    reservations.release(made, timeout);
  }
}
