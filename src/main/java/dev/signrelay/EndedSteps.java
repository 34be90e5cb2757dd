package dev.signrelay;

import dev.signrelay.StepEnd.PutBack;
import dev.signrelay.event.SqsBatch.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The steps of a batch in the order in which they end. One thread asks for them. */
final class EndedSteps {

  /**
   * Jobs that fail together end within this of one another. While some are still at work, to wait
   * for more costs nothing: the invocation goes on anyway.
   */
  private static final Duration COMPANY = Duration.ofMillis(50);

  record Ended(Message message, StepEnd end) {}

  /** Empty: the time is over. */
  private final BlockingQueue<Optional<Ended>> steps = new LinkedBlockingQueue<>();

  private boolean timeIsOver;

  void add(Message message, StepEnd end) {
    steps.add(Optional.of(new Ended(message, end)));
  }

  /** Returns when the time is over, or the thread is interrupted. */
  void endAfter(Duration time) {
    try {
      Thread.sleep(time);
      steps.add(Optional.empty());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits for a step to end and, if its job goes back to the queue, a moment for others that may go
   * with it.
   *
   * @param running how many steps have not been returned yet
   * @return no step, if the time is over
   */
  List<Ended> next(int running) throws InterruptedException {
    var next = new ArrayList<Ended>();
    Optional<Ended> step = steps.take();
    while (step != null) {
      step.ifPresentOrElse(next::add, () -> timeIsOver = true);
      boolean worthAMoment = next.size() < running && !timeIsOver && goesBack(step);
      step = worthAMoment ? steps.poll(COMPANY.toNanos(), TimeUnit.NANOSECONDS) : steps.poll();
    }
    return next;
  }

  boolean timeIsOver() {
    return timeIsOver;
  }

  private static boolean goesBack(Optional<Ended> step) {
    return step.filter(ended -> ended.end() instanceof PutBack).isPresent();
  }
}
