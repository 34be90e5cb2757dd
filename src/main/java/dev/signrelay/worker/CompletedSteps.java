package dev.signrelay.worker;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.signrelay.time.TimeSource;
import dev.signrelay.worker.StepResult.NeedsRequeue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The completed steps of a batch, in the order of completion. One thread takes them. */
final class CompletedSteps {

  /**
   * Jobs that are requeued within this time of each other share a request. Waiting costs nothing
   * while other steps of the batch run: the invocation continues anyway.
   */
  private static final Duration REQUEUE_BATCH_WINDOW = Duration.ofMillis(50);

  record CompletedStep(SQSMessage message, StepResult result) {}

  private final BlockingQueue<CompletedStep> steps = new LinkedBlockingQueue<>();
  private final TimeSource time;
  private final Instant deadline;

  CompletedSteps(TimeSource time, Instant deadline) {
    this.time = time;
    this.deadline = deadline;
  }

  void add(SQSMessage message, StepResult result) {
    steps.add(new CompletedStep(message, result));
  }

  /**
   * Waits for a step to complete and, if its job is requeued, a short time for others.
   *
   * @param running how many steps have not been taken yet; at least 1
   * @return empty at the deadline
   */
  List<CompletedStep> take(int running) throws InterruptedException {
    var taken = new ArrayList<CompletedStep>();
    CompletedStep step = time.poll(steps, time.until(deadline));
    while (step != null) {
      taken.add(step);
      boolean mayBeJoined = step.result() instanceof NeedsRequeue && taken.size() < running;
      step = mayBeJoined ? time.poll(steps, window()) : steps.poll();
    }
    return taken;
  }

  private Duration window() {
    return TimeSource.shorter(REQUEUE_BATCH_WINDOW, time.until(deadline));
  }
}
