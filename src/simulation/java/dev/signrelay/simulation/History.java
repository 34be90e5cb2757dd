package dev.signrelay.simulation;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import java.time.Duration;
import java.time.Instant;

/**
 * What happened to a job before one of its messages was sent. Copies of the job have histories of
 * their own.
 *
 * @param signings attempts to sign
 * @param deliveries attempts to deliver
 * @param signed whether the job has a signature
 * @param misses how many times in a row its turn came and no call began
 * @param backoff the last delay of this stage that the policy chose itself
 * @param due when the next attempt may begin
 */
record History(
    int signings, int deliveries, boolean signed, int misses, Duration backoff, Instant due) {

  static final History NEW = new History(0, 0, false, 0, Duration.ZERO, Instant.MIN);

  /** Of a job that was redriven. */
  static History fresh(Job job) {
    return job instanceof NeedsCallback ? NEW.withSignature() : NEW;
  }

  History afterSigning() {
    return new History(signings + 1, deliveries, signed, 0, backoff, due);
  }

  History withSignature() {
    return new History(signings, deliveries, true, 0, Duration.ZERO, Instant.MIN);
  }

  History afterDelivery() {
    return new History(signings, deliveries + 1, signed, 0, backoff, due);
  }

  History afterMiss() {
    return new History(signings, deliveries, signed, misses + 1, backoff, due);
  }

  History waiting(Duration newBackoff, Instant newDue) {
    return new History(signings, deliveries, signed, misses, newBackoff, newDue);
  }
}
