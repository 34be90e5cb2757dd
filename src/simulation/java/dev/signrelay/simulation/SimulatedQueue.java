package dev.signrelay.simulation;

import dev.signrelay.job.Job;
import dev.signrelay.queue.JobCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Set;

/**
 * A queue of SQS. Delivers messages after a delay of whole seconds and up to half a second more, up
 * to ten at once, in the order in which they become visible. Moves a message to the dead-letter
 * queue after its last receive. With faults, messages are late, duplicated and out of order.
 *
 * <p>Counts requests as SQS charges them: one each for a send of up to ten messages, a receive and
 * a deletion of a batch. The empty receives with which Lambda's event source polls an empty queue
 * are not counted: their number does not depend on the jobs.
 */
final class SimulatedQueue {

  static final int BATCH = 10;

  private static final Duration MAX_LATE = Duration.ofMillis(500);
  private static final Duration MAX_VERY_LATE = Duration.ofMinutes(10);

  /**
   * @param receives the number of receives, including this one
   * @param sentAt the message attribute, by the sender's clock
   * @param enqueued {@code SentTimestamp}, by the clock of SQS
   */
  record Message(String id, String body, int receives, Instant sentAt, Instant enqueued) {

    Message withBody(String newBody) {
      return new Message(id, newBody, receives, sentAt, enqueued);
    }

    private Message received() {
      return new Message(id, body, receives + 1, sentAt, enqueued);
    }
  }

  private final String name;
  private final int maxReceives;
  private final VirtualTime time;
  private final SeededRandom random;
  private final Faults faults;
  private final List<Message> ready = new LinkedList<>();
  private final List<Message> undeliverable = new ArrayList<>();
  private final Set<String> duplicated = new HashSet<>();
  private Runnable onReady = () -> {};
  private Runnable onStored = () -> {};
  private long sent;
  private long stored;
  private long requests;

  /**
   * @param maxReceives the template's {@code maxReceiveCount}
   */
  SimulatedQueue(
      String name, int maxReceives, VirtualTime time, SeededRandom random, Faults faults) {
    this.name = name;
    this.maxReceives = maxReceives;
    this.time = time;
    this.random = random;
    this.faults = faults;
  }

  /** Sets what is called for each message that becomes visible. */
  void onReady(Runnable listener) {
    onReady = listener;
  }

  /** Sets what is called for each message that is stored. */
  void onStored(Runnable listener) {
    onStored = listener;
  }

  /**
   * Stores a message.
   *
   * @param sentAt by the sender's clock
   * @return its id
   * @throws IllegalArgumentException if it exceeds the limits of SQS
   */
  String put(Job job, Duration delay, Instant sentAt) {
    Duration wholeSeconds = Duration.ofSeconds(delay.plusNanos(999_999_999).toSeconds());
    String body = JobCodec.encode(job);
    SqsBounds.require(body, wholeSeconds);
    var message = new Message(name + "-" + sent++, body, 0, sentAt, time.instant());
    Duration late = random.between(Duration.ZERO, MAX_LATE);
    if (faults.occurs(Fault.LATE_MESSAGE)) {
      late = late.plus(random.between(Duration.ZERO, MAX_VERY_LATE));
    }
    stored++;
    becomesVisible(time.instant().plus(wholeSeconds).plus(late), message);
    onStored.run();
    return message.id();
  }

  /** Counts a request. */
  void countRequest() {
    requests++;
  }

  /** The number of visible messages. */
  int ready() {
    return ready.size();
  }

  /** Receives messages, in the order in which they became visible. */
  List<Message> receive(int max) {
    var batch = new ArrayList<Message>();
    while (batch.size() < max && !ready.isEmpty()) {
      int next = faults.occurs(Fault.DISORDER) ? random.below(ready.size()) : 0;
      batch.add(ready.remove(next).received());
    }
    requests++;
    return batch;
  }

  /** Deletes processed messages of a batch. */
  void delete(List<Message> messages) {
    requests += messages.isEmpty() ? 0 : 1;
    stored -= messages.size();
  }

  /** Makes a message that was not deleted visible again, unless that was its last receive. */
  void makeVisible(Instant visible, Message message) {
    if (message.receives() < maxReceives) {
      becomesVisible(visible, message);
    } else {
      undeliverable.add(message);
      stored--;
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
      stored++;
      duplicated.add(message.id());
      Duration later = random.between(Duration.ZERO, random.oneOf(MAX_LATE, MAX_VERY_LATE));
      becomesVisible(visible.plus(later), message);
    }
  }

  /** The messages that SQS itself moved to the dead-letter queue. */
  List<Message> undeliverable() {
    return undeliverable;
  }

  /** Whether a message was delivered again although it did not fail. */
  boolean isDuplicated(String messageId) {
    return duplicated.contains(messageId);
  }

  /** The number of messages, whether visible or not. */
  long stored() {
    return stored;
  }

  long requests() {
    return requests;
  }
}
