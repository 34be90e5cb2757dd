package dev.signrelay.local.console;

import dev.signrelay.local.history.JobEvent;
import dev.signrelay.ops.DeadLetter;
import dev.signrelay.ops.DeadLetterQueue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Redrives dead letters, as {@code ./ops dead redrive} does.
 *
 * @param onRedrive gets an event for each
 */
record DeadLetters(DeadLetterQueue queue, InstantSource clock, Consumer<JobEvent> onRedrive) {

  /**
   * Redrives the dead letters of some jobs. Jobs that fail again at once are not redriven again.
   *
   * @param jobs returns whether the job with an id is one of them
   * @return how many were redriven
   */
  synchronized int redrive(Predicate<String> jobs) {
    Instant start = clock.instant();
    var redriven = new AtomicInteger();
    queue.forEach(
        letter -> {
          if (letter.sentAt().isAfter(start) || !jobs.test(letter.jobId())) {
            return false;
          }
          redrive(letter);
          redriven.incrementAndGet();
          return true;
        });
    return redriven.get();
  }

  /** The event has the time before the send, because the job may continue before it is written. */
  private void redrive(DeadLetter letter) {
    Instant before = clock.instant();
    queue.redrive(letter);
    onRedrive.accept(JobEvent.of(letter.jobId(), before, JobEvent.REDRIVEN));
  }
}
