package dev.signrelay.local.console;

import dev.signrelay.local.history.JobEvent;
import dev.signrelay.ops.DeadLetter;
import dev.signrelay.ops.DeadLetterQueue;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Redrives dead letters, as {@code ./ops dead redrive} does.
 *
 * @param onRedrive gets an event for each
 */
record DeadLetters(DeadLetterQueue queue, InstantSource clock, Consumer<JobEvent> onRedrive) {

  /**
   * Redrives the dead letters of some jobs, each once.
   *
   * @param jobs returns whether the job with an id is one of them
   * @return how many were redriven
   */
  synchronized int redrive(Predicate<String> jobs) {
    return queue
        .redrive(letter -> jobs.test(letter.jobId()), clock.instant(), this::announce)
        .redriven()
        .size();
  }

  /** Before the send, because the job may continue at once. */
  private boolean announce(DeadLetter letter) {
    onRedrive.accept(JobEvent.of(letter.jobId(), clock.instant(), JobEvent.REDRIVEN));
    return true;
  }
}
