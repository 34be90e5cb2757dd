package dev.signrelay.retry;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.signrelay.app.Services;
import dev.signrelay.attempt.JobSigner.CallSource;
import dev.signrelay.job.JobQueue;
import dev.signrelay.queue.ReceivedMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Handles the messages of one invocation: runs a step of each job, all at the same time. */
public final class RetryWorkflow {

  /** The longest wait for a free call: absorbs clock skew. */
  private static final Duration MAX_GRANT_WAIT = Duration.ofMillis(250);

  private final Services services;
  private final Instant deadline;
  private final CallSource calls;

  /** Compared by identity: a queue may deliver a message twice in a batch. */
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
   * @return the ids of the messages that must not be acknowledged
   */
  public List<String> run(List<SQSMessage> messages) {
    List<ReceivedMessage> received = messages.stream().map(ReceivedMessage::of).toList();
    var steps = new RunningSteps(services, false, deadline, acknowledged::addAll, _ -> {});
    for (int i = 0; i < received.size(); i++) {
      JobQueue source = source(messages.get(i).getEventSourceArn());
      steps.start(received.get(i), source, deadline, calls, () -> {});
    }
    steps.carryOutAll(() -> true);
    return received.stream()
        .filter(m -> !acknowledged.contains(m))
        .map(ReceivedMessage::id)
        .toList();
  }

  /**
   * The queue with an ARN. The queue's name is the last part of its ARN and of its URL. An unknown
   * queue counts as the callback queue, from which {@link JobStep} moves no job.
   */
  private JobQueue source(@Nullable String arn) {
    String retryQueue = services.config().queues().url(JobQueue.RETRY);
    return arn != null && retryQueue.endsWith('/' + arn.substring(arn.lastIndexOf(':') + 1))
        ? JobQueue.RETRY
        : JobQueue.CALLBACK;
  }
}
