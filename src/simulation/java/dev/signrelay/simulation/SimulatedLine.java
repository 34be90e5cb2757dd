package dev.signrelay.simulation;

import dev.signrelay.queue.Line;
import dev.signrelay.simulation.SimulatedQueue.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The line, over a simulated queue. A job that is not removed within the visibility timeout of its
 * receipt is visible again.
 */
final class SimulatedLine implements Line {

  private static final Duration VISIBILITY_TIMEOUT = Duration.ofSeconds(45);
  private static final Duration LONG_POLL = Duration.ofSeconds(1);

  private final SimulatedQueues queues;
  private final SimulatedQueue queue;
  private final VirtualTime time;
  private final Map<String, Message> inFlight = new HashMap<>();
  private long receipts;

  SimulatedLine(SimulatedQueues queues, SimulatedQueue queue, VirtualTime time) {
    this.queues = queues;
    this.queue = queue;
    this.time = time;
  }

  @Override
  public long length(Duration timeout) {
    time.sleep(queues.latency());
    return length();
  }

  /** The effect of the request alone. */
  long length() {
    queue.countRequest();
    return queue.ready();
  }

  @Override
  public List<Waiting> receive(int max, Duration timeout) {
    time.sleep(queues.latency());
    if (queue.ready() == 0) {
      time.sleep(LONG_POLL);
    }
    return receive(max);
  }

  /** The effect of the request alone. */
  List<Waiting> receive(int max) {
    Instant visible = time.instant().plus(VISIBILITY_TIMEOUT);
    var received = new ArrayList<Waiting>();
    for (Message message : queue.receive(max)) {
      String receipt = "receipt-" + receipts++;
      inFlight.put(receipt, message);
      time.at(visible, () -> expire(receipt));
      received.add(new Waiting(message.id(), receipt, message.body(), message.isRedriven()));
    }
    return received;
  }

  private void expire(String receipt) {
    Message message = inFlight.remove(receipt);
    if (message != null) {
      queue.makeVisible(time.instant(), message);
    }
  }

  @Override
  public void remove(List<Waiting> jobs, Duration timeout) {
    time.sleep(queues.latency());
    remove(jobs);
  }

  /** The effect of the request alone. */
  void remove(List<Waiting> jobs) {
    var removed = new ArrayList<Message>();
    for (Waiting job : jobs) {
      Message message = inFlight.remove(job.receipt());
      if (message != null) {
        removed.add(message);
      }
    }
    queue.delete(removed);
  }
}
