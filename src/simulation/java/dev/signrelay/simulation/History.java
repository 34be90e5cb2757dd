package dev.signrelay.simulation;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import java.time.Duration;
import java.time.Instant;

/**
 * What happened to a job before one of its messages was sent. Copies of the job have histories of
 * their own.
 *
 * @param backoff the last delay of this stage that the policy chose itself
 * @param due when the next attempt may begin
 */
record History(int signings, int deliveries, boolean signed, Duration backoff, Instant due) {

  static final History NEW = new History(0, 0, false, Duration.ZERO, Instant.MIN);

  /** Of a job that was redriven. */
  static History fresh(Job job) {
    return job instanceof NeedsCallback ? NEW.withSignature() : NEW;
  }

  History afterSigning() {
    return new History(signings + 1, deliveries, signed, backoff, due);
  }

  History withSignature() {
    return new History(signings, deliveries, true, Duration.ZERO, Instant.MIN);
  }

  History afterDelivery() {
    return new History(signings, deliveries + 1, signed, backoff, due);
  }

  History waiting(Duration newBackoff, Instant newDue) {
    return new History(signings, deliveries, signed, newBackoff, newDue);
  }
}
