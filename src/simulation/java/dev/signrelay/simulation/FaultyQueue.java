package dev.signrelay.simulation;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.queue.RetryQueue;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Requests to the queue that can fail: before their effect, after it, or for some of their jobs.
 */
record FaultyQueue(Invocation invocation) implements RetryQueue {

  private static final Duration LATEST = Duration.ofMinutes(2);

  @Override
  public void send(Job job, Duration delay, Duration timeout) {
    requireStored(sendAll(List.of(new Requeue(job, delay)), timeout).getFirst());
  }

  @Override
  public List<Optional<QueueUnavailableException>> sendAll(List<Requeue> jobs, Duration timeout) {
    FaultWorld world = invocation.world();
    List<Progress> sent = jobs.stream().map(requeue -> invocation.of(requeue.job())).toList();
    for (int i = 0; i < jobs.size(); i++) {
      Requeue requeue = jobs.get(i);
      world.invariants.sends(invocation, sent.get(i), requeue);
      invocation.trace("send %s, delay %d ms", requeue.job(), requeue.delay().toMillis());
    }
    var results = new ArrayList<>(sent.stream().map(job -> refusal(job, jobs.size())).toList());
    Runnable store =
        () -> {
          for (int i = 0; i < jobs.size(); i++) {
            if (results.get(i).isEmpty()) {
              store(jobs.get(i), sent.get(i));
            }
          }
        };
    request(timeout, sent, store).ifPresent(e -> results.replaceAll(_ -> Optional.of(e)));
    return results;
  }

  /** SQS refuses single entries only of a request that has several. */
  private Optional<QueueUnavailableException> refusal(Progress job, int entries) {
    return entries > 1 && invocation.world().faults.occurs(Fault.ENTRY_REFUSED)
        ? Optional.of(unavailable(Fault.ENTRY_REFUSED, List.of(job)))
        : Optional.empty();
  }

  private void store(Requeue requeue, Progress progress) {
    FaultWorld world = invocation.world();
    String messageId = world.queue.put(RecordTag.remove(requeue.job()), requeue.delay());
    world.invariants.stored(messageId, progress);
  }

  @Override
  public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
    FaultWorld world = invocation.world();
    Progress progress = invocation.of(job);
    world.invariants.deadLetters(progress, reason);
    invocation.trace("dead letter %s, %s", job, reason);
    requireStored(
        request(
            timeout,
            List.of(progress),
            () -> {
              world.queue.storeDeadLetter(RecordTag.remove(job), reason);
              progress.storeDeadLetter(reason);
            }));
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
    FaultWorld world = invocation.world();
    invocation.step(CrashPoint.BEFORE_A_SEND);
    if (!timeout.isPositive()) {
      return Optional.of(new QueueUnavailableException("no time", new IllegalStateException()));
    }
    if (world.faults.occurs(Fault.SEND_FAILED)) {
      return Optional.of(unavailable(Fault.SEND_FAILED, jobs));
    }
    if (world.faults.occurs(Fault.SEND_LATE)) {
      world.time.at(world.time.instant().plus(world.random.between(Duration.ZERO, LATEST)), effect);
      // The other jobs of the batch wait for this request.
      var failure = unavailable(Fault.SEND_LATE, invocation.jobs());
      world.time.sleep(timeout);
      return Optional.of(failure);
    }
    world.time.sleep(world.queue.latency());
    invocation.step(CrashPoint.DURING_A_SEND);
    effect.run();
    if (world.faults.occurs(Fault.SEND_UNCONFIRMED)) {
      return Optional.of(unavailable(Fault.SEND_UNCONFIRMED, jobs));
    }
    invocation.step(CrashPoint.AFTER_A_SEND);
    return Optional.empty();
  }

  private QueueUnavailableException unavailable(Fault fault, List<Progress> affected) {
    affected.forEach(Progress::affect);
    invocation.trace(fault.name());
    return new QueueUnavailableException(fault.name(), new IllegalStateException());
  }
}
