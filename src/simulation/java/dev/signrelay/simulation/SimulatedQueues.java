package dev.signrelay.simulation;

import static java.util.Locale.ROOT;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.job.JobQueue;
import dev.signrelay.policy.RetryDecision.Requeue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The queues of the template: one each for retries, callbacks, the line and dead letters. */
final class SimulatedQueues {

  record DeadLetter(Job job, DeadLetterReason reason, Instant at) {}

  private static final Duration MIN_LATENCY = Duration.ofMillis(5);
  private static final Duration MAX_LATENCY = Duration.ofMillis(30);

  private final VirtualTime time;
  private final SeededRandom random;
  private final Map<JobQueue, SimulatedQueue> queues = new EnumMap<>(JobQueue.class);
  final List<DeadLetter> deadLetters = new ArrayList<>();

  /** The reasons of all dead letters that were ever stored. */
  final Set<DeadLetterReason.Kind> reasons = EnumSet.noneOf(DeadLetterReason.Kind.class);

  private long deadLetterRequests;

  SimulatedQueues(VirtualTime time, SeededRandom random, Faults faults) {
    this.time = time;
    this.random = random;
    for (JobQueue queue : JobQueue.values()) {
      String name = queue.name().toLowerCase(ROOT);
      // The template's maxReceiveCount; the line's is 1,000 there, and stricter here.
      int maxReceives = queue == JobQueue.LINE ? 100 : 5;
      queues.put(queue, new SimulatedQueue(name, maxReceives, time, random, faults));
    }
  }

  SimulatedQueue of(JobQueue queue) {
    return queues.get(queue);
  }

  Collection<SimulatedQueue> all() {
    return queues.values();
  }

  /** The duration of the next request. */
  Duration latency() {
    return random.between(MIN_LATENCY, MAX_LATENCY);
  }

  /**
   * Stores a message.
   *
   * @param sentAt by the sender's clock
   * @return its id
   */
  String put(Requeue job, Instant sentAt) {
    return of(job.queue()).put(job.job(), job.delay(), sentAt);
  }

  /** Stores a dead letter, as a request of its own. */
  void storeDeadLetter(Job job, DeadLetterReason reason) {
    deadLetterRequests++;
    reasons.add(reason.kind());
    deadLetters.add(new DeadLetter(job, reason, time.instant()));
  }

  /** Takes those that were stored before a time. */
  List<DeadLetter> takeDeadLetters(Instant before) {
    List<DeadLetter> taken =
        deadLetters.stream().filter(letter -> letter.at().isBefore(before)).toList();
    deadLetters.removeAll(taken);
    return taken;
  }

  /** All requests to SQS. */
  long requests() {
    return deadLetterRequests + queues.values().stream().mapToLong(SimulatedQueue::requests).sum();
  }
}
