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
 * SQS: messages come out after a delay of whole seconds and up to half a second more, up to ten at
 * once, in the order in which they do; one that is received so often and not deleted is moved to
 * the dead-letter queue. If faults are wanted, messages come late, twice and in any order. Counts
 * the requests as SQS charges them: a send, of up to ten messages, a receive that is not empty and
 * a deletion of a batch are one each.
 */
final class SimulatedQueue implements RetryQueue {

  static final int BATCH = 10;

  static final Duration LEAST_LATENCY = Duration.ofMillis(5);
  static final Duration MOST_LATENCY = Duration.ofMillis(30);

  /** The template's {@code maxReceiveCount}. */
  static final int MAX_RECEIVES = 5;

  private static final Duration LATE = Duration.ofMillis(500);
  private static final Duration MUCH_LATER = Duration.ofMinutes(10);

  /**
   * @param receives how often it has been handed out, this time included
   */
  record Message(String id, String body, int receives) {}

  record Dead(Job job, DeadLetterReason reason) {}

  private final VirtualTime time;
  private final SeededRandom random;
  private final Faults faults;
  private final List<Message> ready = new LinkedList<>();
  private final List<Dead> dead = new ArrayList<>();
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

  /** Who is told of each message that is ready. */
  void onReady(Runnable listener) {
    onReady = listener;
  }

  @Override
  public void send(Job job, Duration delay, Duration timeout) {
    time.sleep(random.between(LEAST_LATENCY, MOST_LATENCY));
    put(job, delay);
  }

  @Override
  public List<Optional<QueueUnavailableException>> sendAll(List<Requeue> jobs, Duration timeout) {
    time.sleep(random.between(LEAST_LATENCY, MOST_LATENCY));
    jobs.forEach(job -> put(job.job(), job.delay()));
    requests -= Math.max(0, jobs.size() - 1);
    return Collections.nCopies(jobs.size(), Optional.empty());
  }

  /**
   * Takes a message in, which is a request of its own.
   *
   * @return its id
   * @throws IllegalArgumentException if SQS would not take it
   */
  String put(Job job, Duration delay) {
    requests++;
    Duration wholeSeconds = Duration.ofSeconds(delay.plusNanos(999_999_999).toSeconds());
    String body = JobCodec.encode(job);
    SqsBounds.require(body, wholeSeconds);
    var message = new Message("message-" + sent++, body, 0);
    Duration late = random.between(Duration.ZERO, LATE);
    if (faults.strike(Fault.LATE_MESSAGE)) {
      late = late.plus(random.between(Duration.ZERO, MUCH_LATER));
    }
    comesOut(time.instant().plus(wholeSeconds).plus(late), message);
    return message.id();
  }

  @Override
  public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
    time.sleep(random.between(LEAST_LATENCY, MOST_LATENCY));
    deadLettered(job, reason);
  }

  /** Takes a dead letter in. */
  void deadLettered(Job job, DeadLetterReason reason) {
    requests++;
    dead.add(new Dead(job, reason));
  }

  /** How many messages a receive would bring. */
  int ready() {
    return ready.size();
  }

  /**
   * Those that have been ready the longest, unless they lose their order; {@link #BATCH} at most.
   */
  List<Message> receive() {
    var batch = new ArrayList<Message>();
    while (batch.size() < BATCH && !ready.isEmpty()) {
      int next = faults.strike(Fault.DISORDER) ? random.below(ready.size()) : 0;
      Message message = ready.remove(next);
      batch.add(new Message(message.id(), message.body(), message.receives() + 1));
    }
    requests += batch.isEmpty() ? 0 : 1;
    return batch;
  }

  /** Deletes the messages of a batch that are done with. */
  void delete(List<Message> messages) {
    requests += messages.isEmpty() ? 0 : 1;
  }

  /** Lets a message come out again that was not deleted, unless it has too often. */
  void giveBack(Instant visible, Message message) {
    if (message.receives() < MAX_RECEIVES) {
      comesOut(visible, message);
    } else {
      undeliverable.add(message);
    }
  }

  private void comesOut(Instant visible, Message message) {
    time.at(
        visible,
        () -> {
          ready.add(message);
          onReady.run();
        });
    if (faults.strike(Fault.DUPLICATE)) {
      duplicated.add(message.id());
      Duration later = random.between(Duration.ZERO, random.oneOf(LATE, MUCH_LATER));
      comesOut(visible.plus(later), message);
    }
  }

  List<Dead> dead() {
    return dead;
  }

  /** Those that it moved to the dead-letter queue itself. */
  List<Message> undeliverable() {
    return undeliverable;
  }

  /** Whether a message came out again although nobody failed. */
  boolean isDuplicated(String messageId) {
    return duplicated.contains(messageId);
  }

  long requests() {
    return requests;
  }
}
