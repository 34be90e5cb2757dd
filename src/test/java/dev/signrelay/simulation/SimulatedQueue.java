package dev.signrelay.simulation;

import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.RetryQueue;
import dev.signrelay.retry.DeadLetterReason;
import dev.signrelay.retry.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * SQS: messages come out after a delay of whole seconds and up to half a second more, up to ten at
 * once, in the order in which they do. Counts the requests as SQS charges them: a send, a receive
 * that is not empty and a deletion of a batch are one each.
 */
final class SimulatedQueue implements RetryQueue {

  static final int BATCH = 10;

  private static final Duration LEAST_LATENCY = Duration.ofMillis(5);
  private static final Duration MOST_LATENCY = Duration.ofMillis(30);
  private static final Duration LATE = Duration.ofMillis(500);

  /**
   * @param receives how often it has been handed out, this time included
   */
  record Message(String id, String body, int receives) {}

  record Dead(Job job, DeadLetterReason reason) {}

  private final VirtualTime time;
  private final Chance chance;
  private final Queue<Message> ready = new ArrayDeque<>();
  private final List<Dead> dead = new ArrayList<>();
  private Runnable onReady = () -> {};
  private long sent;
  private long requests;

  SimulatedQueue(VirtualTime time, Chance chance) {
    this.time = time;
    this.chance = chance;
  }

  /** Who is told of each message that is ready. */
  void onReady(Runnable listener) {
    onReady = listener;
  }

  @Override
  public void send(Job job, Duration delay, Duration timeout) {
    time.sleep(chance.between(LEAST_LATENCY, MOST_LATENCY));
    requests++;
    Duration wholeSeconds = Duration.ofSeconds(delay.plusNanos(999_999_999).toSeconds());
    comesOut(
        time.instant().plus(wholeSeconds).plus(chance.between(Duration.ZERO, LATE)),
        new Message("message-" + sent++, JobCodec.encode(job), 0));
  }

  @Override
  public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
    time.sleep(chance.between(LEAST_LATENCY, MOST_LATENCY));
    requests++;
    dead.add(new Dead(job, reason));
  }

  @Override
  public void prepare() {}

  /** How many messages a receive would bring. */
  int ready() {
    return ready.size();
  }

  /** Those that have been ready the longest, at most {@link #BATCH}. */
  List<Message> receive() {
    var batch = new ArrayList<Message>();
    while (batch.size() < BATCH && !ready.isEmpty()) {
      Message message = ready.remove();
      batch.add(new Message(message.id(), message.body(), message.receives() + 1));
    }
    requests += batch.isEmpty() ? 0 : 1;
    return batch;
  }

  /** Deletes the messages of a batch that are done with. */
  void delete(List<Message> messages) {
    requests += messages.isEmpty() ? 0 : 1;
  }

  /** Lets a message that was received and not deleted come out again. */
  void comesOut(Instant visible, Message message) {
    time.at(
        visible,
        () -> {
          ready.add(message);
          onReady.run();
        });
  }

  List<Dead> dead() {
    return dead;
  }

  long requests() {
    return requests;
  }
}
