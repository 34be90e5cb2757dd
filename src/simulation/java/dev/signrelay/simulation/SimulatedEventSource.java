package dev.signrelay.simulation;

import com.fasterxml.jackson.databind.node.ArrayNode;
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
 * that nobody knows. What a record does and when is the same; the function is busy until the last
 * record is done. Records that only wait on run on no thread, and may be handed over together.
 */
final class SimulatedEventSource {

  private static final Duration BATCHING_WINDOW = Duration.ofSeconds(1);
  private static final Duration VISIBILITY_TIMEOUT = Duration.ofSeconds(180);

  private final VirtualTime time;
  private final SimulatedQueue queue;
  private final Queue<RetryProcess> idle;
  private boolean gathering;

  private SimulatedEventSource(
      VirtualTime time, SimulatedQueue queue, List<? extends RetryProcess> functions) {
    this.time = time;
    this.queue = queue;
    this.idle = new ArrayDeque<>(functions);
  }

  /**
   * @param functions as many as may be at work at once, each a process of its own
   */
  static void connect(
      VirtualTime time, SimulatedQueue queue, List<? extends RetryProcess> functions) {
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

  /** A process of RetryFunction, as Lambda's event source sees it. */
  interface RetryProcess {

    /** False: Lambda has no room for it now. */
    default boolean begins(List<Message> batch) {
      return true;
    }

    /** Those of a batch that are handed over together. */
    default List<Message> together(List<Message> batch) {
      return List.of();
    }

    /** Whether the queue may forget all these messages. */
    default boolean finishes(List<Message> messages) {
      throw new IllegalStateException("nothing is to be handed over together");
    }

    /** Whether the queue may forget a message. */
    boolean finishes(Message message);

    /** Whether Lambda hears what was finished, and deletes it. */
    default boolean isReported() {
      return true;
    }
  }

  /** Whether a function says that the queue may forget all these messages. */
  static boolean finishes(LambdaFunction function, List<Message> messages) {
    ObjectNode event = Json.object();
    ArrayNode records = event.putArray("Records");
    for (Message message : messages) {
      records.addObject().put("messageId", message.id()).put("body", message.body());
    }
    return function.invoke(Json.write(event)).path("batchItemFailures").isEmpty();
  }

  private final class Batch {

    private final RetryProcess function;
    private final List<Message> messages;
    private final Instant received = time.instant();
    private final List<Message> done = new ArrayList<>();
    private final List<Message> failed = new ArrayList<>();

    Batch(RetryProcess function, List<Message> messages) {
      this.function = function;
      this.messages = messages;
    }

    void begin() {
      if (function.begins(messages)) {
        List<Message> together = function.together(messages);
        if (!together.isEmpty()) {
          time.start(received, () -> ended(together, function.finishes(together)));
        }
        messages.stream()
            .filter(message -> !together.contains(message))
            .forEach(m -> time.start(received, () -> ended(List.of(m), function.finishes(m))));
      } else {
        failed.addAll(messages);
        time.at(received, this::end);
      }
    }

    private void ended(List<Message> some, boolean finished) {
      (finished ? done : failed).addAll(some);
      if (done.size() + failed.size() == messages.size()) {
        end();
      }
    }

    private void end() {
      boolean deleted = function.isReported();
      if (deleted) {
        queue.delete(done);
      }
      messages.stream()
          .filter(message -> !deleted || failed.contains(message))
          .forEach(message -> queue.giveBack(received.plus(VISIBILITY_TIMEOUT), message));
      idle.add(function);
      handOut();
    }
  }
}
