package dev.signrelay.retry;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.signrelay.app.Services;
import dev.signrelay.attempt.CallSource;
import dev.signrelay.job.Attempt.Deferred;
import dev.signrelay.job.Job;
import dev.signrelay.job.JobQueue;
import dev.signrelay.queue.ReceivedMessage;
import dev.signrelay.retry.StepResult.NeedsRequeue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Handles the messages of one invocation: runs a step of each job, all at the same time. Jobs that
 * are not due are sent back at once.
 */
public final class RetryWorkflow {

  /** The longest wait for a free call: absorbs clock skew. */
  private static final Duration MAX_GRANT_WAIT = Duration.ofMillis(250);

  private final Services services;
  private final Instant deadline;
  private final CallSource calls;

  /** By identity: a queue may deliver the same message twice in a batch. */
  private final Set<ReceivedMessage> acknowledged =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

  /**
   * @param time after which steps that have not completed are interrupted and fail
   */
  public RetryWorkflow(Services services, Duration time) {
    this.services = services;
    this.deadline = services.time().instant().plus(time);
    this.calls = timeout -> services.limiter().acquire(MAX_GRANT_WAIT, timeout);
  }

  /**
   * Runs a step of each message's job.
   *
   * @return the ids of the messages that must not be acknowledged
   */
  public List<String> run(List<SQSMessage> messages) {
    List<ReceivedMessage> received = messages.stream().map(ReceivedMessage::of).toList();
    try (var steps = new RunningSteps(services, false, deadline, acknowledged::addAll)) {
      var notDue = new ArrayList<ReceivedMessage>();
      var decisions = new ArrayList<NeedsRequeue>();
      for (int i = 0; i < received.size(); i++) {
        ReceivedMessage message = received.get(i);
        @Nullable String source = messages.get(i).getEventSourceArn();
        Optional<Job> job = steps.decode(message);
        Optional<NeedsRequeue> wait =
            job.flatMap(j -> moveToCallbackQueue(source, j).or(() -> waitUntilDue(j)));
        if (wait.isPresent()) {
          notDue.add(message);
          decisions.add(wait.get());
        } else if (job.isPresent()) {
          steps.start(message, job.get(), deadline, calls, () -> {});
        }
      }
      steps.requeueAll(notDue, decisions);
      while (steps.running() > 0 && steps.handle(services.time().until(deadline))) {
        // Until all are handled, or time is over.
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return received.stream()
        .filter(m -> !acknowledged.contains(m))
        .map(ReceivedMessage::id)
        .toList();
  }

  private Optional<NeedsRequeue> moveToCallbackQueue(@Nullable String source, Job job) {
    return isRetryQueue(source) ? JobStep.toCallbackQueue(services, job) : Optional.empty();
  }

  /** The last part of a queue's ARN and of its URL is its name. */
  private boolean isRetryQueue(@Nullable String arn) {
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
}
