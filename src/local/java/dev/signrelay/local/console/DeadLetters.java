package dev.signrelay.local.console;

import dev.signrelay.local.TemplateQueues;
import dev.signrelay.local.history.Histories;
import dev.signrelay.local.history.JobEvent;
import dev.signrelay.ops.DeadLetter;
import dev.signrelay.ops.DeadLetterQueue;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Redrives dead letters, as {@code ./ops dead redrive} does, and notes those that others remove
 * from the queue.
 */
final class DeadLetters {

  private final DeadLetterQueue queue;
  private final InstantSource clock;
  private final Histories histories;
  private final ReentrantLock reading = new ReentrantLock();

  DeadLetters(DeadLetterQueue queue, InstantSource clock, Histories histories) {
    this.queue = queue;
    this.clock = clock;
    this.histories = histories;
  }

  /**
   * Redrives the dead letters of some jobs, each once.
   *
   * @param jobs returns whether the job with an id is one of them
   * @return how many were redriven
   */
  int redrive(Predicate<String> jobs) {
    reading.lock();
    try {
      return queue
          .redrive(letter -> jobs.test(letter.jobId()), clock.instant(), this::announce)
          .redriven()
          .size();
    } finally {
      reading.unlock();
    }
  }

  /** Before the send, because the job may continue at once. */
  private boolean announce(DeadLetter letter) {
    histories.add(JobEvent.of(letter.jobId(), clock.instant(), JobEvent.REDRIVEN));
    return true;
  }

  /**
   * Counts the dead letters. If there are fewer than jobs that ended as one, notes which of these
   * were purged, or redriven by another tool.
   */
  int count() {
    Set<String> known = histories.deadLetters();
    int count = TemplateQueues.messages(queue.sqs(), queue.url());
    if (count < known.size() && reading.tryLock()) {
      try {
        histories.removed(missing(known, count));
      } finally {
        reading.unlock();
      }
    }
    return count;
  }

  /** Empty if another reader has received some, which are hidden from others. */
  private Set<String> missing(Set<String> known, int count) {
    List<String> found = new ArrayList<>();
    if (count > 0) {
      queue.forEach(
          letter -> {
            found.add(letter.jobId());
            return false;
          });
    }
    var missing = new HashSet<>(known);
    missing.removeAll(found);
    return found.size() == count ? missing : Set.of();
  }
}
