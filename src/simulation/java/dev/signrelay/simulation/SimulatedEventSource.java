package dev.signrelay.simulation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.queue.ReceivedMessage;
import dev.signrelay.simulation.SimulatedQueue.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Lambda's event source mapping: invokes an idle function with what is visible, deletes the
 * messages that did not fail, and leaves the others to the visibility timeout.
 *
 * <p>AWS documents (Lambda developer guide, "Using Lambda with Amazon SQS") that it begins with
 * five concurrent batches and adds up to 300 a minute while messages are available. How long a
 * message takes from visible to function is not documented: worlds differ in it.
 */
final class SimulatedEventSource {

  private static final int FIRST_BATCHES = 5;
  private static final Duration ONE_BATCH_MORE = Duration.ofMinutes(1).dividedBy(300);
  private static final Duration VISIBILITY_TIMEOUT = Duration.ofSeconds(120);

  private final World world;
  private final VirtualTime time;
  private final SimulatedQueue queue;
  private final Queue<FaultyRetryFunction> idle;
  private final int processes;
  private Instant busySince = Instant.MAX;

  /**
   * @param functions one process for each invocation that can run at the same time
   */
  SimulatedEventSource(World world, SimulatedQueue queue, List<FaultyRetryFunction> functions) {
    this.world = world;
    this.time = world.time;
    this.queue = queue;
    this.idle = new ArrayDeque<>(functions);
    this.processes = functions.size();
    queue.onReady =
        () -> {
          Duration delay = world.random.between(Duration.ZERO, world.slowestSource);
          time.at(time.instant().plus(delay), this::invoke);
        };
  }

  /** Receives what is visible. */
  void invoke() {
    if (queue.ready() == 0) {
      return;
    }
    if (idle.size() == processes) {
      busySince = time.instant();
    }
    while (!idle.isEmpty()
        && queue.ready() > 0
        && !world.incidents.strike(Incident.RECEIVES_DOWN, Incident.QUEUES_DOWN)) {
      if (processes - idle.size() >= allowed()) {
        time.at(time.instant().plus(ONE_BATCH_MORE), this::invoke);
        return;
      }
      FaultyRetryFunction function = idle.remove();
      List<Message> batch = queue.receive(SimulatedQueue.BATCH);
      time.start(time.instant(), () -> invoke(function, batch));
    }
  }

  private long allowed() {
    return FIRST_BATCHES + Duration.between(busySince, time.instant()).dividedBy(ONE_BATCH_MORE);
  }

  private void invoke(FaultyRetryFunction function, List<Message> batch) {
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
          .putObject(ReceivedMessage.SENT_AT)
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
