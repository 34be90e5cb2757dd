package dev.signrelay.simulation;

import dev.signrelay.job.Job;
import dev.signrelay.queue.JobCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

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

  /** The limits of a message (Amazon SQS API reference, SendMessage). */
  private static final Duration MAX_DELAY = Duration.ofSeconds(900);

  private static final int MAX_BODY = 1 << 20;

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

    /** The rule of {@code ReceivedMessage}. */
    boolean isRedriven() {
      return enqueued.isAfter(sentAt.plus(Duration.ofMinutes(1)));
    }

    private Message received() {
      return new Message(id, body, receives + 1, sentAt, enqueued);
    }
  }

  /** A message that SQS itself moved to the dead-letter queue. */
  record Undeliverable(Message message, Instant at) {}

  private final String name;
  private final int maxReceives;
  private final VirtualTime time;
  private final SeededRandom random;
  private final Faults faults;
  private final List<Message> ready = new LinkedList<>();
  private final Map<String, Message> messages = new LinkedHashMap<>();
  final List<Undeliverable> undeliverable = new ArrayList<>();
  private final Set<String> duplicated = new HashSet<>();

  /** Is called for each message that becomes visible. */
  Runnable onReady = () -> {};

  /** Is called with the change of the number of stored messages. */
  IntConsumer onStored = _ -> {};

  /** Is called with the change of the number of visible messages. */
  IntConsumer onReadyChanged = _ -> {};

  private Instant purgedAt = Instant.MIN;
  private long sent;
  private long stored;
  private long requests;

  SimulatedQueue(
      String name, int maxReceives, VirtualTime time, SeededRandom random, Faults faults) {
    this.name = name;
    this.maxReceives = maxReceives;
    this.time = time;
    this.random = random;
    this.faults = faults;
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
    if (wholeSeconds.isNegative() || wholeSeconds.compareTo(MAX_DELAY) > 0) {
      throw new IllegalArgumentException("SQS cannot delay a message by " + wholeSeconds);
    }
    // The body is ASCII: one character is one byte.
    if (body.length() > MAX_BODY) {
      throw new IllegalArgumentException("SQS cannot store %d bytes".formatted(body.length()));
    }
    return store(body, wholeSeconds, sentAt);
  }

  /** Stores a dead letter again, unchanged. */
  String redrive(Message letter) {
    return store(letter.body(), Duration.ZERO, letter.sentAt());
  }

  private String store(String body, Duration delay, Instant sentAt) {
    var message = new Message(name + "-" + sent++, body, 0, sentAt, time.instant());
    Duration late = random.between(Duration.ZERO, MAX_LATE);
    if (faults.occurs(Fault.LATE_MESSAGE)) {
      late = late.plus(random.between(Duration.ZERO, MAX_VERY_LATE));
      faults.last(time.instant().plus(delay).plus(late));
    }
    messages.put(message.id(), message);
    count(1);
    becomesVisible(time.instant().plus(delay).plus(late), message);
    return message.id();
  }

  private void count(int change) {
    stored += change;
    onStored.accept(change);
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
    if (!batch.isEmpty()) {
      onReadyChanged.accept(-batch.size());
    }
    requests++;
    return batch;
  }

  /** Deletes processed messages of a batch. */
  void delete(List<Message> processed) {
    requests += processed.isEmpty() ? 0 : 1;
    for (Message message : processed) {
      messages.remove(message.id());
      count(-1);
    }
  }

  /** Makes a message that was not deleted visible again, unless that was its last receive. */
  void makeVisible(Instant visible, Message message) {
    if (message.receives() < maxReceives) {
      becomesVisible(visible, message);
    } else {
      messages.remove(message.id());
      undeliverable.add(new Undeliverable(message, time.instant()));
      count(-1);
    }
  }

  private void becomesVisible(Instant visible, Message message) {
    time.at(
        visible,
        () -> {
          if (isPurged(message)) {
            count(-1);
          } else {
            show(message);
          }
        });
    if (faults.occurs(Fault.DUPLICATE)) {
      duplicated.add(message.id());
      Duration later = random.between(Duration.ZERO, random.oneOf(MAX_LATE, MAX_VERY_LATE));
      time.at(visible.plus(later), () -> showAgain(message));
    }
  }

  private boolean isPurged(Message message) {
    return !message.enqueued().isAfter(purgedAt);
  }

  private void showAgain(Message message) {
    if (!isPurged(message)) {
      count(1);
      show(message);
    }
  }

  private void show(Message message) {
    ready.add(message);
    onReadyChanged.accept(1);
    onReady.run();
  }

  /** Deletes all messages. Returns them. */
  List<Message> purge() {
    purgedAt = time.instant();
    var purged = List.copyOf(messages.values());
    messages.clear();
    count(-ready.size());
    if (!ready.isEmpty()) {
      onReadyChanged.accept(-ready.size());
    }
    ready.clear();
    return purged;
  }

  /** Takes those that were moved before a time. */
  List<Message> takeUndeliverable(Instant before) {
    List<Undeliverable> taken =
        undeliverable.stream().filter(letter -> letter.at().isBefore(before)).toList();
    undeliverable.removeAll(taken);
    return taken.stream().map(Undeliverable::message).toList();
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
