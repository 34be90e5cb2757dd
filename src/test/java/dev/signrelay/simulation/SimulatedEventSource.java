package dev.signrelay.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.simulation.SimulatedQueue.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Lambda's event source mapping with the template's settings: gathers a batch for up to a second,
 * gives it to a function that is idle, deletes what did not fail and leaves the rest to the
 * visibility timeout.
 *
 * <p>The records of a batch are handed to the function one by one, each in an invocation of its
 * own, all at the same time: inside one invocation they would run on threads at once, in an order
 * that nobody knows. What a record does, when, and what the batch costs is the same; the function
 * is busy until the last record is done.
 */
final class SimulatedEventSource {

  private static final Duration BATCHING_WINDOW = Duration.ofSeconds(1);
  private static final Duration VISIBILITY_TIMEOUT = Duration.ofSeconds(180);
  private static final int MAX_RECEIVES = 5;

  private final VirtualTime time;
  private final SimulatedQueue queue;
  private final Queue<LambdaFunction> idle;
  private boolean gathering;

  private SimulatedEventSource(
      VirtualTime time, SimulatedQueue queue, List<LambdaFunction> functions) {
    this.time = time;
    this.queue = queue;
    this.idle = new ArrayDeque<>(functions);
  }

  /**
   * @param functions as many as may be at work at once, each a process of its own
   */
  static void connect(VirtualTime time, SimulatedQueue queue, List<LambdaFunction> functions) {
    queue.onReady(new SimulatedEventSource(time, queue, functions)::gather);
  }

  private void gather() {
    if (queue.ready() >= SimulatedQueue.BATCH) {
      handOut();
    } else if (!gathering) {
      gathering = true;
      time.at(time.instant().plus(BATCHING_WINDOW), this::handOutGathered);
    }
  }

  private void handOutGathered() {
    gathering = false;
    handOut();
  }

  private void handOut() {
    while (!idle.isEmpty() && queue.ready() > 0) {
      new Batch(idle.remove(), queue.receive()).begin();
    }
  }

  private final class Batch {

    private final LambdaFunction function;
    private final List<Message> messages;
    private final Instant received = time.instant();
    private final List<Message> done = new ArrayList<>();
    private final List<Message> failed = new ArrayList<>();

    Batch(LambdaFunction function, List<Message> messages) {
      this.function = function;
      this.messages = messages;
    }

    void begin() {
      messages.forEach(message -> time.start(received, () -> handle(message)));
    }

    private void handle(Message message) {
      ObjectNode event = Json.object();
      event
          .putArray("Records")
          .addObject()
          .put("messageId", message.id())
          .put("body", message.body());
      boolean kept = !function.invoke(Json.write(event)).path("batchItemFailures").isEmpty();
      (kept ? failed : done).add(message);
      if (done.size() + failed.size() == messages.size()) {
        end();
      }
    }

    private void end() {
      queue.delete(done);
      failed.stream()
          .filter(message -> message.receives() < MAX_RECEIVES)
          .forEach(message -> queue.comesOut(received.plus(VISIBILITY_TIMEOUT), message));
      idle.add(function);
      handOut();
    }
  }
}
