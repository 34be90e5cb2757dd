package dev.signrelay;

import dev.signrelay.EndedSteps.Ended;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The messages of one invocation, each taken a step on at the same time as the others. Jobs that go
 * back to the queue share requests, and hardly wait for one another: all that are not due go at
 * once, and of the others those that end within a few milliseconds of one another, or while a
 * request is under way.
 */
final class JobBatch {

  private record Back(Message message, PutBack end) {}

  private final Wiring parts;
  private final JobStep step;
  private final Duration time;
  private final Instant deadline;
  private final EndedSteps ended = new EndedSteps();
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
          threads.execute(() -> ended.add(message, end(job.get())));
        }
      }
      threads.execute(() -> ended.endAfter(time));
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
      parts.log().write(FailureLines.malformed(message.id(), e.getMessage()));
      return Optional.empty();
    }
  }

  private StepEnd end(Job job) {
    try {
      return step.take(job, deadline);
    } catch (RuntimeException | Error e) {
      parts.log().write(FailureLines.unexpected(job.id(), e));
      return new Unfinished();
    }
  }

  /** Each as soon as it has ended, until the time is over. */
  private void settle(int running) throws InterruptedException {
    int open = running;
    while (open > 0 && !ended.timeIsOver()) {
      List<Ended> next = ended.next(open);
      settle(next);
      open -= next.size();
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
      jobs.forEach(j -> parts.log().write(FailureLines.unexpected(j.job().id(), e)));
      return;
    }
    for (int i = 0; i < back.size(); i++) {
      LogEvent line = back.get(i).end().line();
      if (failures.get(i).isPresent()) {
        parts.log().write(FailureLines.queueUnavailable(line, failures.get(i).get()));
      } else {
        parts.log().write(line);
        finished.add(back.get(i).message());
      }
    }
  }
}
