package dev.signrelay.simulation;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.queue.RetryQueue;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A queue to which jobs are sent in a way that is wrong. */
record FlawedQueue(RetryQueue queue, Sending sending) implements RetryQueue {

  interface Sending {
    void send(Job job, Duration delay, Duration timeout);
  }

  static RetryQueue changing(RetryQueue queue, UnaryOperator<Job> change) {
    return new FlawedQueue(
        queue, (job, delay, timeout) -> queue.send(change.apply(job), delay, timeout));
  }

  static RetryQueue waiting(RetryQueue queue, UnaryOperator<Duration> change) {
    return new FlawedQueue(
        queue, (job, delay, timeout) -> queue.send(job, change.apply(delay), timeout));
  }

  static RetryQueue swallowing(RetryQueue queue) {
    return new FlawedQueue(
        queue,
        (job, delay, timeout) -> {
          try {
            queue.send(job, delay, timeout);
          } catch (QueueUnavailableException _) {
            return;
          }
        });
  }

  static Job unsigned(Job job) {
    return switch (job) {
      case NeedsSignature j -> j;
      case NeedsCallback j ->
          new NeedsSignature(
              j.acceptance(), SimulatedUpstream.messageOf(j.signature()), 1, j.notBefore());
    };
  }

  static Job at(int attempt, Job job) {
    return with(job.acceptance(), attempt, job);
  }

  static Job renamed(String id, Job job) {
    var acceptance = new Acceptance(id, job.acceptance().callbackUrl(), job.acceptance().at());
    return with(acceptance, job.attempt(), job);
  }

  private static Job with(Acceptance acceptance, int attempt, Job job) {
    return switch (job) {
      case NeedsSignature j ->
          new NeedsSignature(acceptance, j.message(), attempt, j.notBefore(), j.grant());
      case NeedsCallback j -> new NeedsCallback(acceptance, j.signature(), attempt, j.notBefore());
    };
  }

  @Override
  public void send(Job job, Duration delay, Duration timeout) {
    sending.send(job, delay, timeout);
  }

  @Override
  public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
    queue.deadLetter(job, reason, timeout);
  }
}
