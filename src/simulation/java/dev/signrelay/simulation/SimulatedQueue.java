package dev.signrelay.simulation;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.RetryQueue;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * SQS. Delivers messages after a delay of whole seconds and up to half a second more, up to ten at
 * once, in the order in which they become visible. Moves a message to the dead-letter queue after
 * its last receive. With faults, messages are late, duplicated and out of order. Counts requests as
 * SQS charges them: one each for a send of up to ten messages, a receive that is not empty, and a
 * deletion of a batch.
 */
final class SimulatedQueue implements RetryQueue {

  static final int BATCH = 10;

  private static final Duration MIN_LATENCY = Duration.ofMillis(5);
  private static final Duration MAX_LATENCY = Duration.ofMillis(30);

  /** The template's {@code maxReceiveCount}. */
  private static final int MAX_RECEIVES = 5;

  private static final Duration MAX_LATE = Duration.ofMillis(500);
  private static final Duration MAX_VERY_LATE = Duration.ofMinutes(10);

  /**
   * @param receives the number of receives, including this one
   */
  record Message(String id, String body, int receives) {

    Message withBody(String newBody) {
      return new Message(id, newBody, receives);
    }
  }

  record DeadLetter(Job job, DeadLetterReason reason) {}

  private final VirtualTime time;
  private final SeededRandom random;
  private final Faults faults;
  private final List<Message> ready = new LinkedList<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private final List<Message> undeliverable = new ArrayList<>();
  private final Set<String> duplicated = new HashSet<>();
  private Runnable onReady = () -> {};
  private long sent;
  private long requests;

  SimulatedQueue(VirtualTime time, SeededRandom random, Faults faults) {
    this.time = time;
    this.random = random;
    this.faults = faults;
  }

  /** Sets what is called for each message that becomes visible. */
  void onReady(Runnable listener) {
    onReady = listener;
  }

  /** The duration of the next request. */
  Duration latency() {
    return random.between(MIN_LATENCY, MAX_LATENCY);
  }

  @Override
  public void send(Job job, Duration delay, Duration timeout) {
    time.sleep(latency());
    put(job, delay);
  }

  @Override
  public List<Optional<QueueUnavailableException>> sendAll(List<Requeue> jobs, Duration timeout) {
    time.sleep(latency());
    jobs.forEach(job -> put(job.job(), job.delay()));
    requests -= Math.max(0, jobs.size() - 1);
    return Collections.nCopies(jobs.size(), Optional.empty());
  }

  /**
   * Stores a message, as a request of its own.
   *
   * @return its id
   * @throws IllegalArgumentException if it exceeds the limits of SQS
   */
  String put(Job job, Duration delay) {
    requests++;
    Duration wholeSeconds = Duration.ofSeconds(delay.plusNanos(999_999_999).toSeconds());
    String body = JobCodec.encode(job);
    SqsBounds.require(body, wholeSeconds);
    var message = new Message("message-" + sent++, body, 0);
    Duration late = random.between(Duration.ZERO, MAX_LATE);
    if (faults.occurs(Fault.LATE_MESSAGE)) {
      late = late.plus(random.between(Duration.ZERO, MAX_VERY_LATE));
    }
    becomesVisible(time.instant().plus(wholeSeconds).plus(late), message);
    return message.id();
  }

  @Override
  public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
    time.sleep(latency());
    storeDeadLetter(job, reason);
  }

  /** Stores a dead letter, as a request of its own. */
  void storeDeadLetter(Job job, DeadLetterReason reason) {
    requests++;
    deadLetters.add(new DeadLetter(job, reason));
  }

  /** The number of visible messages. */
  int ready() {
    return ready.size();
  }

  /** Receives up to {@link #BATCH} messages, in the order in which they became visible. */
  List<Message> receive() {
    var batch = new ArrayList<Message>();
    while (batch.size() < BATCH && !ready.isEmpty()) {
      int next = faults.occurs(Fault.DISORDER) ? random.below(ready.size()) : 0;
      Message message = ready.remove(next);
      batch.add(new Message(message.id(), message.body(), message.receives() + 1));
    }
    requests += batch.isEmpty() ? 0 : 1;
    return batch;
  }

  /** Deletes processed messages of a batch. */
  void delete(List<Message> messages) {
    requests += messages.isEmpty() ? 0 : 1;
  }

  /** Makes a message that was not deleted visible again, unless that was its last receive. */
  void makeVisible(Instant visible, Message message) {
    if (message.receives() < MAX_RECEIVES) {
      becomesVisible(visible, message);
    } else {
      undeliverable.add(message);
    }
  }

  private void becomesVisible(Instant visible, Message message) {
    time.at(
        visible,
        () -> {
          ready.add(message);
          onReady.run();
        });
    if (faults.occurs(Fault.DUPLICATE)) {
      duplicated.add(message.id());
      Duration later = random.between(Duration.ZERO, random.oneOf(MAX_LATE, MAX_VERY_LATE));
      becomesVisible(visible.plus(later), message);
    }
  }

  List<DeadLetter> deadLetters() {
    return deadLetters;
  }

  /** The messages that SQS itself moved to the dead-letter queue. */
  List<Message> undeliverable() {
    return undeliverable;
  }

  /** Whether a message was delivered again although it did not fail. */
  boolean isDuplicated(String messageId) {
    return duplicated.contains(messageId);
  }

  long requests() {
    return requests;
  }
}
