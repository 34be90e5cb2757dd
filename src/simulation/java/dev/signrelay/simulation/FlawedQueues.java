package dev.signrelay.simulation;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.queue.JobQueues;
import dev.signrelay.queue.ReceivedMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A queue to which jobs are sent wrongly.
 *
 * @param change is applied to each job and its delay before they are sent
 * @param read how the results of a request are read
 * @param beforeDeadLetter is done before a dead letter is stored
 */
record FlawedQueues(
    JobQueues queue,
    UnaryOperator<Requeue> change,
    UnaryOperator<List<Optional<QueueUnavailableException>>> read,
    Consumer<Job> beforeDeadLetter)
    implements JobQueues {

  static JobQueues changing(JobQueues queue, UnaryOperator<Requeue> change) {
    return new FlawedQueues(queue, change, UnaryOperator.identity(), _ -> {});
  }

  static JobQueues changingJobs(JobQueues queue, UnaryOperator<Job> change) {
    return changing(queue, r -> new Requeue(change.apply(r.job()), r.queue(), r.delay()));
  }

  static JobQueues reading(
      JobQueues queue, UnaryOperator<List<Optional<QueueUnavailableException>>> read) {
    return new FlawedQueues(queue, UnaryOperator.identity(), read, _ -> {});
  }

  static JobQueues announcing(JobQueues queue, Consumer<Job> announce) {
    return new FlawedQueues(queue, UnaryOperator.identity(), UnaryOperator.identity(), announce);
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

  static Job endless(Job job) {
    Acceptance wanted = job.acceptance();
    return with(new Acceptance(wanted.id(), wanted.callbackUrl(), wanted.at()), job.attempt(), job);
  }

  private static Job with(Acceptance acceptance, int attempt, Job job) {
    return switch (job) {
      case NeedsSignature j ->
          new NeedsSignature(acceptance, j.message(), attempt, j.notBefore(), j.since());
      case NeedsCallback j ->
          new NeedsCallback(
              acceptance, j.signature(), attempt, j.notBefore(), j.since(), j.calls());
    };
  }

  @Override
  public void send(Requeue job, Duration timeout) {
    sendAll(List.of(job), timeout)
        .getFirst()
        .ifPresent(
            e -> {
              throw e;
            });
  }

  @Override
  public List<Optional<QueueUnavailableException>> sendAll(List<Requeue> jobs, Duration timeout) {
    return read.apply(queue.sendAll(jobs.stream().map(change).toList(), timeout));
  }

  @Override
  public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
    beforeDeadLetter.accept(job);
    queue.deadLetter(job, reason, timeout);
  }

  @Override
  public void deadLetter(ReceivedMessage message, String error, Duration timeout) {
    queue.deadLetter(message, error, timeout);
  }
}
