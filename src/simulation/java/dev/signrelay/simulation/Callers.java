package dev.signrelay.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.SignHandler;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** Clients whose requests are answered, or not. */
final class Callers {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration PROMISED = Duration.ofSeconds(2);
  private static final double REJECTED = 0.15;
  private static final double WITHOUT_CALLBACK = 0.15;

  private final FaultWorld world;
  private final Deque<SimulatedProcess> idle = new ArrayDeque<>();
  private final Map<String, String> accepted = new LinkedHashMap<>();
  private int started;

  Callers(FaultWorld world) {
    this.world = world;
  }

  /** The messages of those that were told that they are queued, by their ids. */
  Map<String, String> accepted() {
    return accepted;
  }

  /** Plans all requests. */
  void call() {
    for (int i = 0; i < world.scenario.jobs(); i++) {
      boolean rejected = world.random.getAsDouble() < REJECTED;
      String message = (rejected ? FaultWorld.REJECTED : "message") + "-" + i;
      boolean waits = world.random.getAsDouble() < WITHOUT_CALLBACK;
      String callback = waits ? "" : "&callback_url=https%3A%2F%2Fclient.example%2F" + i;
      world.time.start(
          World.START.plus(world.random.between(Duration.ZERO, world.scenario.within())),
          () -> call(message, "message=" + message + callback));
    }
  }

  private void call(String message, String query) {
    if (world.faults.strike(Fault.THROTTLE)) {
      world.trace.say("client", "THROTTLE %s", message);
      return;
    }
    SimulatedProcess process =
        idle.isEmpty() ? new SimulatedProcess("sign-" + started++, world, world.table) : idle.pop();
    Instant asked = world.time.instant();
    process.begin(TIMEOUT);
    var invocation = new Invocation(world, process, null, History.NEW);
    var handler = new SignHandler(world.mutation.of(invocation));
    try {
      JsonNode answer =
          new LambdaFunction("SignFunction", handler, TIMEOUT, process).invoke(event(query));
      if (!process.isDead()) {
        idle.push(process);
        answered(message, answer.path("headers"));
        requireInTime(asked, process, message);
        return;
      }
    } catch (Crash _) {
      // As if there had been an answer that the dead process could not give.
    }
    world.trace.say("client", "%s: no answer", message);
    requireInTime(asked, process, message);
  }

  /** A process that dies earlier is a fault; one that Lambda has to end is too slow. */
  private void requireInTime(Instant asked, SimulatedProcess process, String message) {
    Duration took = Duration.between(asked, world.time.instant());
    world.invariants.require(
        process.wasFrozen() || took.compareTo(PROMISED) < 0,
        Invariant.ANSWERED_IN_TIME,
        "%s took %s",
        message,
        took);
  }

  private void answered(String message, JsonNode headers) {
    String id = headers.path("X-Request-Id").asText();
    String status = headers.path("X-Sign-Status").asText();
    world.trace.say("client", "%s: %s %s", message, id, status);
    if (status.equals("queued")) {
      world.invariants.requireId(id, message);
      accepted.put(id, message);
    }
  }

  private String event(String query) {
    var event = Json.object().put("rawQueryString", query);
    event.putObject("requestContext").put("timeEpoch", world.time.instant().toEpochMilli());
    return Json.write(event);
  }
}
