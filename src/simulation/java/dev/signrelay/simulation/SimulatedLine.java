package dev.signrelay.simulation;

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
 * The effects of requests to the line, over a simulated queue. A message that is not removed while
 * a receiver holds it is visible again.
 */
final class SimulatedLine {

  private final SimulatedQueue queue;
  private final VirtualTime time;
  private final SeededRandom random;
  private final Map<String, Message> inFlight = new HashMap<>();

  /** The longest time of a receive. */
  Duration slowestReceive = Duration.ZERO;

  /** Whether a receive returns some of the messages that it could (Amazon SQS API reference). */
  boolean returnsParts;

  /** Whether the number of jobs in line is that of the count before (Amazon SQS: approximate). */
  boolean countsLate;

  private long counted;
  private long receipts;

  SimulatedLine(SimulatedQueue queue, VirtualTime time, SeededRandom random) {
    this.queue = queue;
    this.time = time;
    this.random = random;
  }

  long length() {
    queue.countRequest();
    long before = counted;
    counted = queue.ready();
    return countsLate ? before : counted;
  }

  List<ReceivedMessage> receive(int max, Duration hold) {
    if (slowestReceive.isPositive()) {
      time.sleep(random.between(Duration.ZERO, slowestReceive));
    }
    int most = returnsParts ? 1 + random.below(max) : max;
    Instant visible = time.instant().plus(hold);
    var received = new ArrayList<ReceivedMessage>();
    for (Message message : queue.receive(most)) {
      String receipt = "receipt-" + receipts++;
      inFlight.put(receipt, message);
      time.at(visible, () -> expire(receipt));
      received.add(
          new ReceivedMessage(
              message.id(), receipt, message.body(), message.isRedriven(), message.enqueued()));
    }
    return received;
  }

  private void expire(String receipt) {
    take(receipt).ifPresent(message -> queue.makeVisible(time.instant(), message));
  }

  private Optional<Message> take(String receipt) {
    return Optional.ofNullable(inFlight.remove(receipt));
  }

  void remove(List<ReceivedMessage> messages) {
    queue.delete(messages.stream().flatMap(m -> take(m.receipt()).stream()).toList());
  }

  void release(List<ReceivedMessage> messages) {
    queue.countRequest();
    messages.forEach(message -> expire(message.receipt()));
  }
}
