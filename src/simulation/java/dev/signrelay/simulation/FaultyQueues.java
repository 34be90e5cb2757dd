package dev.signrelay.simulation;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.job.JobQueue;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.queue.JobQueues;
import dev.signrelay.queue.ReceivedMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Requests to the queues that can fail: before their effect, after it, or for some of their jobs.
 */
record FaultyQueues(Invocation invocation) implements JobQueues {

  private static final Duration LATEST = Duration.ofMinutes(2);

  @Override
  public void send(Requeue job, Duration timeout) {
    requireStored(sendAll(List.of(job), timeout).getFirst());
  }

  /** With the defects of queues. */
  @Override
  public List<Optional<QueueUnavailableException>> sendAll(List<Requeue> jobs, Duration timeout) {
    var flaws = new FlawedJobs(invocation);
    var results = sendByQueue(jobs.stream().map(flaws::sent).toList(), timeout);
    return switch (invocation.world.mutation) {
      case SWALLOW_A_FAILED_SEND -> Collections.nCopies(jobs.size(), Optional.empty());
      case FIRST_RESULT_FOR_ALL -> Collections.nCopies(jobs.size(), results.getFirst());
      default -> results;
    };
  }

  /** One request for each queue. */
  private List<Optional<QueueUnavailableException>> sendByQueue(
      List<Requeue> jobs, Duration timeout) {
    Instant deadline = invocation.world.time.instant().plus(timeout);
    var results =
        new ArrayList<>(
            Collections.nCopies(jobs.size(), Optional.<QueueUnavailableException>empty()));
    for (JobQueue queue : JobQueue.values()) {
      List<Integer> indexes =
          IntStream.range(0, jobs.size())
              .filter(i -> jobs.get(i).queue() == queue)
              .boxed()
              .toList();
      if (!indexes.isEmpty()) {
        Duration left = Duration.between(invocation.world.time.instant(), deadline);
        invocation.world.queues.of(queue).countRequest();
        var sent = sendTogether(indexes.stream().map(jobs::get).toList(), left);
        IntStream.range(0, indexes.size()).forEach(i -> results.set(indexes.get(i), sent.get(i)));
      }
    }
    return results;
  }

  private List<Optional<QueueUnavailableException>> sendTogether(
      List<Requeue> jobs, Duration timeout) {
    List<Progress> sent = jobs.stream().map(requeue -> invocation.of(requeue.job())).toList();
    for (int i = 0; i < jobs.size(); i++) {
      Requeue requeue = jobs.get(i);
      invocation.world.invariants.sends(invocation, sent.get(i), requeue);
      invocation.trace(
          "send to %s %s, delay %d ms", requeue.queue(), requeue.job(), requeue.delay().toMillis());
    }
    var results = new ArrayList<>(sent.stream().map(job -> refusal(job, jobs.size())).toList());
    Instant sentAt = invocation.process.instant();
    Runnable store =
        () -> {
          for (int i = 0; i < jobs.size(); i++) {
            if (results.get(i).isEmpty()) {
              store(jobs.get(i), sentAt, sent.get(i));
            }
          }
        };
    request(timeout, sent, store).ifPresent(e -> results.replaceAll(_ -> Optional.of(e)));
    return results;
  }

  /** SQS refuses single entries only of a request that has several. */
  private Optional<QueueUnavailableException> refusal(Progress job, int entries) {
    return entries > 1 && invocation.world.faults.occurs(Fault.ENTRY_REFUSED)
        ? Optional.of(unavailable(Fault.ENTRY_REFUSED.name(), List.of(job)))
        : Optional.empty();
  }

  private void store(Requeue requeue, Instant sentAt, Progress progress) {
    World world = invocation.world;
    var untagged = new Requeue(RecordTag.remove(requeue.job()), requeue.queue(), requeue.delay());
    String messageId = world.queues.put(untagged, sentAt);
    world.invariants.stored(messageId, progress);
    world.idempotency.stored(progress);
  }

  @Override
  public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
    World world = invocation.world;
    new FlawedJobs(invocation).fails(job);
    Progress progress = invocation.of(job);
    world.invariants.deadLetters(invocation, progress, job, reason);
    invocation.trace("dead letter %s, %s", job, reason);
    requireStored(
        request(
            timeout,
            List.of(progress),
            () -> {
              world.queues.storeDeadLetter(RecordTag.remove(job), reason);
              progress.deadLetter = reason;
              progress.secured = true;
            }));
  }

  /** Every message of the simulation is a job. */
  @Override
  public void deadLetter(ReceivedMessage message, String error, Duration timeout) {
    throw new IllegalStateException(error);
  }

  private static void requireStored(Optional<QueueUnavailableException> failure) {
    failure.ifPresent(
        e -> {
          throw e;
        });
  }

  /** Empty: the queue confirmed the request. */
  private Optional<QueueUnavailableException> request(
      Duration timeout, List<Progress> jobs, Runnable effect) {
    World world = invocation.world;
    invocation.step(CrashPoint.BEFORE_A_SEND);
    if (!timeout.isPositive()) {
      return Optional.of(new QueueUnavailableException("no time", new IllegalStateException()));
    }
    if (world.incidents.strike(Incident.SENDS_DOWN, Incident.QUEUES_DOWN)) {
      var failure = unavailable(Incident.SENDS_DOWN.name(), invocation.jobs);
      world.time.sleep(world.random.oneOf(Duration.ZERO, timeout));
      return Optional.of(failure);
    }
    if (world.faults.occurs(Fault.SEND_FAILED)) {
      return Optional.of(unavailable(Fault.SEND_FAILED.name(), jobs));
    }
    if (world.faults.occurs(Fault.SEND_LATE)) {
      Instant stored = world.time.instant().plus(world.random.between(Duration.ZERO, LATEST));
      world.faults.last(stored);
      world.time.at(stored, effect);
      // The other jobs of the batch wait for this request.
      var failure = unavailable(Fault.SEND_LATE.name(), invocation.jobs);
      world.time.sleep(timeout);
      return Optional.of(failure);
    }
    world.time.sleep(world.queues.latency());
    invocation.step(CrashPoint.DURING_A_SEND);
    effect.run();
    if (world.faults.occurs(Fault.SEND_UNCONFIRMED)) {
      return Optional.of(unavailable(Fault.SEND_UNCONFIRMED.name(), jobs));
    }
    invocation.step(CrashPoint.AFTER_A_SEND);
    return Optional.empty();
  }

  private QueueUnavailableException unavailable(String fault, List<Progress> affected) {
    affected.forEach(job -> job.affected = true);
    invocation.trace(fault);
    return new QueueUnavailableException(fault, new IllegalStateException());
  }
}
