package dev.signrelay.worker;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.signrelay.app.Services;
import dev.signrelay.job.Attempt.Deferred;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.JobQueue;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.queue.MalformedJobException;
import dev.signrelay.queue.Redrive;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.telemetry.AttemptEvents;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.worker.CompletedSteps.CompletedStep;
import dev.signrelay.worker.StepResult.Done;
import dev.signrelay.worker.StepResult.Failed;
import dev.signrelay.worker.StepResult.NeedsRequeue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one invocation. Runs a step of each job, all at the same time. Requeued jobs
 * share requests: all that are not due are sent at once; the others together with those that
 * complete within a few milliseconds, or while a request is under way.
 */
public final class JobBatch {

  private record Pending(SQSMessage message, NeedsRequeue result) {}

  private final Services services;
  private final Instant deadline;
  private final JobStep step;
  private final CompletedSteps completed;

  /** By identity: a queue may deliver the same message twice in a batch. */
  private final Set<SQSMessage> acknowledged = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * @param time after which steps that have not completed are interrupted and fail
   */
  public JobBatch(Services services, Duration time) {
    this.services = services;
    this.deadline = services.time().instant().plus(time);
    this.step = new JobStep(services, deadline);
    this.completed = new CompletedSteps(services.time(), deadline);
  }

  /**
   * Runs a step of each message's job.
   *
   * @return the ids of the messages that must not be acknowledged
   */
  public List<String> run(List<SQSMessage> messages) {
    ExecutorService threads = services.time().newExecutor();
    try {
      var notDue = new ArrayList<Pending>();
      int running = 0;
      for (SQSMessage message : messages) {
        Optional<Job> job = decode(message);
        Optional<NeedsRequeue> wait =
            job.flatMap(j -> moveToCallbackQueue(message, j).or(() -> waitUntilDue(j)));
        if (wait.isPresent()) {
          notDue.add(new Pending(message, wait.get()));
        } else if (job.isPresent()) {
          running++;
          threads.execute(() -> completed.add(message, run(job.get())));
        }
      }
      requeue(notDue);
      complete(running);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      threads.shutdownNow();
    }
    return messages.stream()
        .filter(m -> !acknowledged.contains(m))
        .map(SQSMessage::getMessageId)
        .toList();
  }

  /** Empty if the message is not a job; the queue itself dead-letters it after its last receive. */
  private Optional<Job> decode(SQSMessage message) {
    try {
      Job job = JobCodec.decode(body(message));
      return Optional.of(Redrive.isRedriven(message) ? job.fresh(services.time().instant()) : job);
    } catch (MalformedJobException e) {
      services.log().write(FailureEvents.malformed(message.getMessageId(), e.getMessage()));
      return Optional.empty();
    }
  }

  private static String body(SQSMessage message) {
    return Objects.requireNonNullElse(message.getBody(), "");
  }

  /**
   * A redrive puts signed jobs into the retry queue. They are delivered from the callback queue, so
   * that their receivers share no invocation with upstream calls.
   */
  private Optional<NeedsRequeue> moveToCallbackQueue(SQSMessage message, Job job) {
    return job instanceof NeedsCallback signed && isFromRetryQueue(message.getEventSourceArn())
        ? Optional.of(new NeedsRequeue(new Deferred(signed), new Requeue(signed, Duration.ZERO)))
        : Optional.empty();
  }

  /** The last part of a queue's ARN and of its URL is its name. */
  private boolean isFromRetryQueue(@Nullable String arn) {
    return arn != null
        && services
            .config()
            .queues()
            .url(JobQueue.RETRY)
            .endsWith('/' + arn.substring(arn.lastIndexOf(':') + 1));
  }

  /** Empty if the job is due. */
  private Optional<NeedsRequeue> waitUntilDue(Job job) {
    return services
        .waitUntilDue(job)
        .map(decision -> new NeedsRequeue(new Deferred(job), decision));
  }

  private StepResult run(Job job) {
    try {
      return step.run(job);
    } catch (RuntimeException | Error e) {
      services.log().write(FailureEvents.unexpected(job.id(), e));
      return new Failed();
    }
  }

  /** Handles steps as they complete, until the deadline. */
  private void complete(int running) throws InterruptedException {
    int open = running;
    while (open > 0) {
      List<CompletedStep> steps = completed.take(open);
      if (steps.isEmpty()) {
        return;
      }
      complete(steps);
      open -= steps.size();
    }
  }

  private void complete(List<CompletedStep> steps) {
    var pending = new ArrayList<Pending>();
    for (CompletedStep one : steps) {
      switch (one.result()) {
        case Done _ -> acknowledged.add(one.message());
        case NeedsRequeue result -> pending.add(new Pending(one.message(), result));
        case Failed _ -> {}
      }
    }
    requeue(pending);
  }

  private void requeue(List<Pending> jobs) {
    if (jobs.isEmpty()) {
      return;
    }
    List<Requeue> decisions = jobs.stream().map(j -> j.result().decision()).toList();
    List<Optional<QueueUnavailableException>> failures;
    try {
      failures = services.queues().sendAll(decisions, services.time().until(deadline));
    } catch (RuntimeException | Error e) {
      decisions.forEach(d -> services.log().write(FailureEvents.unexpected(d.job().id(), e)));
      return;
    }
    for (int i = 0; i < jobs.size(); i++) {
      requeued(jobs.get(i), failures.get(i));
    }
  }

  private void requeued(Pending job, Optional<QueueUnavailableException> failure) {
    NeedsRequeue result = job.result();
    services
        .log()
        .write(
            failure
                .map(e -> AttemptEvents.notQueued(result.attempt(), result.decision(), e))
                .orElseGet(() -> AttemptEvents.carriedOut(result.attempt(), result.decision())));
    if (failure.isEmpty()) {
      acknowledged.add(job.message());
    }
  }
}
