package dev.signrelay.simulation;

import java.time.Duration;
import java.time.Instant;

/**
 * What happened to a job on the way to one message of the queue: not what became of its copies.
 *
 * @param signings attempts to sign
 * @param deliveries attempts to deliver
 * @param signed whether there was a signature
 * @param waited the last one after a failed attempt of this stage that was ours to choose
 * @param due when the wait before the next attempt is over
 */
record History(int signings, int deliveries, boolean signed, Duration waited, Instant due) {

  static final History NEW = new History(0, 0, false, Duration.ZERO, Instant.MIN);

  History afterSigning() {
    return new History(signings + 1, deliveries, signed, waited, due);
  }

  History withSignature() {
    return new History(signings, deliveries, true, Duration.ZERO, Instant.MIN);
  }

  History afterDelivery() {
    return new History(signings, deliveries + 1, signed, waited, due);
  }

  History waiting(Duration newWait, Instant newDue) {
    return new History(signings, deliveries, signed, newWait, newDue);
  }
}
