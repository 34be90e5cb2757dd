package dev.signrelay.simulation;

import dev.signrelay.queue.Line;
import dev.signrelay.queue.ReceivedMessage;
import dev.signrelay.simulation.SimulatedQueue.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The line, over a simulated queue. A message that is not removed while a receiver holds it is
 * visible again.
 */
final class SimulatedLine implements Line {

  private static final Duration LONG_POLL = Duration.ofSeconds(1);

  private final SimulatedQueues queues;
  private final SimulatedQueue queue;
  private final VirtualTime time;
  private final SeededRandom random;
  private final Map<String, Message> inFlight = new HashMap<>();
  private Duration slowestReceive = Duration.ZERO;
  private boolean returnsParts;
  private boolean countsLate;
  private long counted;
  private long receipts;

  SimulatedLine(
      SimulatedQueues queues, SimulatedQueue queue, VirtualTime time, SeededRandom random) {
    this.queues = queues;
    this.queue = queue;
    this.time = time;
    this.random = random;
  }

  /** A receive takes up to a time. */
  void slowReceives(Duration most) {
    slowestReceive = most;
  }

  /** A receive returns some of the messages that it could (Amazon SQS API reference). */
  void partialReceives() {
    returnsParts = true;
  }

  /** The number of jobs in line is that of the count before (Amazon SQS: it is approximate). */
  void lateCounts() {
    countsLate = true;
  }

  @Override
  public long length(Duration timeout) {
    time.sleep(queues.latency());
    return length();
  }

  /** The effect of the request alone. */
  long length() {
    queue.countRequest();
    long before = counted;
    counted = queue.ready();
    return countsLate ? before : counted;
  }

  @Override
  public List<ReceivedMessage> receive(int max, Duration hold, Duration timeout) {
    time.sleep(queues.latency().plus(random.between(Duration.ZERO, slowestReceive)));
    if (queue.ready() == 0) {
      time.sleep(LONG_POLL);
    }
    return receive(max, hold);
  }

  /** The effect of the request alone. */
  List<ReceivedMessage> receive(int max, Duration hold) {
    int most = returnsParts ? 1 + random.below(max) : max;
    Instant visible = time.instant().plus(hold);
    var received = new ArrayList<ReceivedMessage>();
    for (Message message : queue.receive(most)) {
      String receipt = "receipt-" + receipts++;
      inFlight.put(receipt, message);
      time.at(visible, () -> expire(receipt));
      received.add(
          new ReceivedMessage(message.id(), receipt, message.body(), message.isRedriven()));
    }
    return received;
  }

  private void expire(String receipt) {
    take(receipt).ifPresent(message -> queue.makeVisible(time.instant(), message));
  }

  private Optional<Message> take(String receipt) {
    return Optional.ofNullable(inFlight.remove(receipt));
  }

  @Override
  public void remove(List<ReceivedMessage> messages, Duration timeout) {
    time.sleep(queues.latency());
    remove(messages);
  }

  /** The effect of the request alone. */
  void remove(List<ReceivedMessage> messages) {
    queue.delete(messages.stream().flatMap(m -> take(m.receipt()).stream()).toList());
  }

  @Override
  public void release(List<ReceivedMessage> messages, Duration timeout) {
    time.sleep(queues.latency());
    release(messages);
  }

  /** The effect of the request alone. */
  void release(List<ReceivedMessage> messages) {
    queue.countRequest();
    messages.forEach(message -> expire(message.receipt()));
  }
}
