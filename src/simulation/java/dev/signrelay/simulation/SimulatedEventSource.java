package dev.signrelay.simulation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.queue.Redrive;
import dev.signrelay.simulation.SimulatedQueue.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Lambda's event source mapping, with the template's settings: gathers a batch for up to 1 s,
 * invokes an idle function with it, deletes the messages that did not fail, and leaves the others
 * to the visibility timeout.
 */
final class SimulatedEventSource {

  /** A process of RetryFunction. */
  interface RetryProcess {

    /**
     * Invokes the function with a batch.
     *
     * @return the ids of the messages that failed; empty: the invocation failed
     */
    Optional<Set<String>> invoke(List<Message> batch);
  }

  private static final Duration BATCHING_WINDOW = Duration.ofSeconds(1);
  private static final Duration VISIBILITY_TIMEOUT = Duration.ofSeconds(120);

  private final VirtualTime time;
  private final SimulatedQueue queue;
  private final Queue<RetryProcess> idle;
  private final BooleanSupplier isUp;
  private boolean gathering;

  private SimulatedEventSource(
      VirtualTime time,
      SimulatedQueue queue,
      List<? extends RetryProcess> functions,
      BooleanSupplier isUp) {
    this.time = time;
    this.queue = queue;
    this.isUp = isUp;
    this.idle = new ArrayDeque<>(functions);
  }

  /**
   * @param functions one process for each invocation that can run at the same time
   */
  static void connect(
      VirtualTime time, SimulatedQueue queue, List<? extends RetryProcess> functions) {
    var _ = connect(time, queue, functions, () -> true);
  }

  /**
   * @param isUp whether SQS delivers messages
   */
  static SimulatedEventSource connect(
      VirtualTime time,
      SimulatedQueue queue,
      List<? extends RetryProcess> functions,
      BooleanSupplier isUp) {
    var source = new SimulatedEventSource(time, queue, functions, isUp);
    queue.onReady(source::gather);
    return source;
  }

  private void gather() {
    if (queue.ready() >= SimulatedQueue.BATCH) {
      invoke();
    } else if (!gathering) {
      gathering = true;
      time.at(time.instant().plus(BATCHING_WINDOW), this::invokeGathered);
    }
  }

  private void invokeGathered() {
    gathering = false;
    invoke();
  }

  /** Receives what is visible: SQS is up again. */
  void invoke() {
    while (!idle.isEmpty() && queue.ready() > 0 && isUp.getAsBoolean()) {
      RetryProcess function = idle.remove();
      List<Message> batch = queue.receive(SimulatedQueue.BATCH);
      time.start(time.instant(), () -> invoke(function, batch));
    }
  }

  private void invoke(RetryProcess function, List<Message> batch) {
    Instant visible = time.instant().plus(VISIBILITY_TIMEOUT);
    Optional<Set<String>> failedIds = function.invoke(batch);
    Predicate<Message> isProcessed =
        message -> failedIds.isPresent() && !failedIds.get().contains(message.id());
    queue.delete(batch.stream().filter(isProcessed).toList());
    batch.stream().filter(isProcessed.negate()).forEach(m -> queue.makeVisible(visible, m));
    idle.add(function);
    invoke();
  }

  /** Invokes a function with a batch. Returns the ids of the messages that failed. */
  static Set<String> invoke(LambdaFunction function, List<Message> batch) {
    ObjectNode event = Json.object();
    ArrayNode records = event.putArray("Records");
    for (Message message : batch) {
      ObjectNode row = records.addObject();
      row.put("messageId", message.id()).put("body", message.body());
      row.putObject("attributes")
          .put("SentTimestamp", Long.toString(message.enqueued().toEpochMilli()));
      row.putObject("messageAttributes")
          .putObject(Redrive.SENT_AT)
          .put("stringValue", Long.toString(message.sentAt().toEpochMilli()));
    }
    var failedIds = new HashSet<String>();
    function
        .invoke(Json.write(event))
        .path("batchItemFailures")
        .forEach(failure -> failedIds.add(failure.path("itemIdentifier").asText()));
    return failedIds;
  }
}
