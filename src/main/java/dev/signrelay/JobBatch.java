package dev.signrelay;

import dev.signrelay.StepEnd.Finished;
import dev.signrelay.StepEnd.PutBack;
import dev.signrelay.StepEnd.Unfinished;
import dev.signrelay.event.SqsBatch.Message;
import dev.signrelay.log.LogEvent;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.MalformedJobException;
import dev.signrelay.queue.RetryQueue.QueueUnavailableException;
import dev.signrelay.retry.Job;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The messages of one invocation, each taken a step on at the same time as the others. Jobs that go
 * back to the queue share requests without waiting for one another: all that are not due go at
 * once, and of the others those that end while a request is under way go with the next.
 */
final class JobBatch {

  private record Ended(Message message, StepEnd end) {}

  private record Back(Message message, PutBack end) {}

  private final Wiring parts;
  private final JobStep step;
  private final Duration time;
  private final Instant deadline;

  /** Empty: the time is over. */
  private final BlockingQueue<Optional<Ended>> ended = new LinkedBlockingQueue<>();

  private final Set<Message> finished = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * @param time after which what has not ended is interrupted, and unfinished
   */
  JobBatch(Wiring parts, Duration time) {
    this.parts = parts;
    this.step = new JobStep(parts);
    this.time = time;
    this.deadline = parts.clock().instant().plus(time);
  }

  /**
   * Takes each message a step on.
   *
   * @return the ids of those that the queue must not forget
   */
  List<String> unfinished(List<Message> messages) {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      var notDue = new ArrayList<Back>();
      int running = 0;
      for (Message message : messages) {
        Optional<Job> job = decode(message);
        Optional<PutBack> wait = job.flatMap(step::waitOn);
        if (wait.isPresent()) {
          notDue.add(new Back(message, wait.get()));
        } else if (job.isPresent()) {
          running++;
          threads.execute(() -> ended.add(Optional.of(new Ended(message, end(job.get())))));
        }
      }
      threads.execute(this::endInTime);
      putBack(notDue);
      settle(running);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      threads.shutdownNow();
    }
    return messages.stream().filter(m -> !finished.contains(m)).map(Message::id).toList();
  }

  /** Empty, and logged, if the message is no job; the queue itself will move it in the end. */
  private Optional<Job> decode(Message message) {
    try {
      return Optional.of(JobCodec.decode(message.body()));
    } catch (MalformedJobException e) {
      parts.log().write(AttemptLines.malformed(message.id(), e.getMessage()));
      return Optional.empty();
    }
  }

  private StepEnd end(Job job) {
    try {
      return step.take(job, deadline);
    } catch (RuntimeException | Error e) {
      parts.log().write(AttemptLines.unexpected(job.id(), e));
      return new Unfinished();
    }
  }

  private void endInTime() {
    try {
      Thread.sleep(time);
      ended.add(Optional.empty());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Each as soon as it has ended, with all others that have by then; until the time is over. */
  private void settle(int running) throws InterruptedException {
    int open = running;
    boolean inTime = true;
    while (open > 0 && inTime) {
      var next = new ArrayList<>(List.of(ended.take()));
      ended.drainTo(next);
      inTime = next.stream().allMatch(Optional::isPresent);
      List<Ended> ends = next.stream().flatMap(Optional::stream).toList();
      settle(ends);
      open -= ends.size();
    }
  }

  private void settle(List<Ended> ends) {
    var back = new ArrayList<Back>();
    for (Ended one : ends) {
      switch (one.end()) {
        case Finished _ -> finished.add(one.message());
        case PutBack end -> back.add(new Back(one.message(), end));
        case Unfinished _ -> {}
      }
    }
    putBack(back);
  }

  private void putBack(List<Back> back) {
    if (back.isEmpty()) {
      return;
    }
    List<Requeue> jobs = back.stream().map(one -> one.end().next()).toList();
    List<Optional<QueueUnavailableException>> failures;
    try {
      failures = parts.queue().sendAll(jobs, Duration.between(parts.clock().instant(), deadline));
    } catch (RuntimeException | Error e) {
      jobs.forEach(j -> parts.log().write(AttemptLines.unexpected(j.job().id(), e)));
      return;
    }
    for (int i = 0; i < back.size(); i++) {
      LogEvent line = back.get(i).end().line();
      if (failures.get(i).isPresent()) {
        parts.log().write(AttemptLines.queueUnavailable(line, failures.get(i).get()));
      } else {
        parts.log().write(line);
        finished.add(back.get(i).message());
      }
    }
  }
}
