package dev.signrelay.simulation;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.job.JobQueue;
import dev.signrelay.queue.JobQueues;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The queues of the template: one each for retries, callbacks, the line and dead letters. */
final class SimulatedQueues implements JobQueues {

  record DeadLetter(Job job, DeadLetterReason reason, Instant at) {}

  private static final Duration MIN_LATENCY = Duration.ofMillis(5);
  private static final Duration MAX_LATENCY = Duration.ofMillis(30);

  private final VirtualTime time;
  private final SeededRandom random;
  private final Map<JobQueue, SimulatedQueue> queues = new EnumMap<>(JobQueue.class);
  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private final List<String> joined = new ArrayList<>();
  private long deadLetterRequests;

  SimulatedQueues(VirtualTime time, SeededRandom random, Faults faults) {
    this.time = time;
    this.random = random;
    for (JobQueue queue : JobQueue.values()) {
      String name = queue.name().toLowerCase(java.util.Locale.ROOT);
      queues.put(queue, new SimulatedQueue(name, maxReceives(queue), time, random, faults));
    }
  }

  /** The template's {@code maxReceiveCount}. */
  private static int maxReceives(JobQueue queue) {
    return queue == JobQueue.LINE ? 100 : 5;
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

  @Override
  public void send(Requeue job, Duration timeout) {
    var _ = sendAll(List.of(job), timeout);
  }

  @Override
  public List<Optional<QueueUnavailableException>> sendAll(List<Requeue> jobs, Duration timeout) {
    for (JobQueue queue : JobQueue.values()) {
      List<Requeue> sent = jobs.stream().filter(job -> job.queue() == queue).toList();
      if (!sent.isEmpty()) {
        time.sleep(latency());
        of(queue).countRequest();
        sent.forEach(job -> put(job, time.instant()));
      }
    }
    return Collections.nCopies(jobs.size(), Optional.empty());
  }

  /**
   * Stores a message.
   *
   * @param sentAt by the sender's clock
   * @return its id
   */
  String put(Requeue job, Instant sentAt) {
    if (job.queue() == JobQueue.LINE) {
      joined.add(job.job().id());
    }
    return of(job.queue()).put(job.job(), job.delay(), sentAt);
  }

  @Override
  public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
    time.sleep(latency());
    storeDeadLetter(job, reason);
  }

  /** Stores a dead letter, as a request of its own. */
  void storeDeadLetter(Job job, DeadLetterReason reason) {
    deadLetterRequests++;
    deadLetters.add(new DeadLetter(job, reason, time.instant()));
  }

  List<DeadLetter> deadLetters() {
    return deadLetters;
  }

  /** The ids of the jobs that joined the line, in this order. */
  List<String> joined() {
    return joined;
  }

  /** The number of messages in all queues except the dead letters. */
  long stored() {
    return queues.values().stream().mapToLong(SimulatedQueue::stored).sum();
  }

  /** All requests to SQS. */
  long requests() {
    return deadLetterRequests + queues.values().stream().mapToLong(SimulatedQueue::requests).sum();
  }
}
