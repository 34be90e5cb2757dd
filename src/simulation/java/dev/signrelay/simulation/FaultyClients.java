package dev.signrelay.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.SignHandler;
import dev.signrelay.local.LambdaFunction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Clients, and the processes of SignFunction that answer them or die. */
final class FaultyClients {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SLOWEST_START = Duration.ofMillis(1_700);
  private static final Duration RESPONSE_LIMIT = Duration.ofSeconds(2);

  /** The budget of SignFunction, with a margin for the last step. */
  private static final Duration RESPOND_WITHIN = Duration.ofMillis(1_850 + 20);

  private static final Duration SEND_RESERVE = Duration.ofMillis(400 + 20);
  private static final double REJECTED = 0.15;
  private static final double WITHOUT_CALLBACK = 0.15;

  private final FaultWorld world;
  private final Deque<SimulatedProcess> idle = new ArrayDeque<>();
  private final Map<String, String> accepted = new LinkedHashMap<>();
  private int started;

  FaultyClients(FaultWorld world) {
    this.world = world;
  }

  /** The messages of the jobs whose response said {@code queued}, by the jobs' ids. */
  Map<String, String> accepted() {
    return accepted;
  }

  /** Plans all requests. */
  void start() {
    for (int i = 0; i < world.scenario.requests(); i++) {
      boolean rejected = world.random.getAsDouble() < REJECTED;
      String message = (rejected ? FaultWorld.REJECTED : "message") + "-" + i;
      boolean withoutCallback = world.random.getAsDouble() < WITHOUT_CALLBACK;
      String callback = withoutCallback ? "" : "&callback_url=https%3A%2F%2Fclient.example%2F" + i;
      Optional<Duration> validity = world.scenario.validity(world.random);
      String query =
          "message="
              + message
              + callback
              + validity.map(time -> "&valid_for=" + time.toSeconds()).orElse("");
      world.time.start(
          World.START.plus(world.random.between(Duration.ZERO, world.scenario.within())),
          () -> {
            validity.ifPresent(time -> world.expiry.wanted(message, time));
            call(message, query);
          });
    }
  }

  private void call(String message, String query) {
    if (world.faults.occurs(Fault.THROTTLE)) {
      world.trace.add("client", "THROTTLE %s", message);
      return;
    }
    SimulatedProcess process =
        idle.isEmpty() ? new SimulatedProcess("sign-" + started++, world) : idle.pop().next();
    Instant sent = world.time.instant();
    String event = Clients.event(query, world.time);
    if (world.faults.occurs(Fault.SLOW_START)) {
      world.time.sleep(world.random.between(Duration.ZERO, SLOWEST_START));
    }
    Instant start = world.time.instant();
    process.begin(TIMEOUT);
    var invocation = new Invocation(world, process, List.of(Progress.ofRequest()));
    var handler = new SignHandler(world.mutation.of(invocation));
    try {
      JsonNode answer = new LambdaFunction("SignFunction", handler, TIMEOUT, process).invoke(event);
      if (process.isClockWrong()) {
        world.expiry.unknown(message);
      }
      if (!process.isDead()) {
        idle.push(process);
        answered(message, answer);
        requireInTime(sent, start, process, message);
        return;
      }
    } catch (Crash _) {
      world.expiry.unknown(message);
      // As if the dead process had no response.
    }
    world.trace.add("client", "%s: no response", message);
    requireInTime(sent, start, process, message);
  }

  /**
   * A crash is a fault. A process that reaches Lambda's timeout is too slow. The function cannot
   * know by how much its clock is behind, and it spends 400 ms on the queue even after a slow
   * start.
   *
   * @param start when the handler was called
   */
  private void requireInTime(
      Instant sent, Instant start, SimulatedProcess process, String message) {
    Instant now = world.time.instant();
    Instant inTime =
        later(
            sent.plus(RESPONSE_LIMIT),
            later(sent.plus(RESPOND_WITHIN), start.plus(SEND_RESERVE)).plus(process.behind()));
    world.invariants.require(
        process.wasFrozen() || process.isClockWrong() || now.isBefore(inTime),
        Invariant.ANSWERED_IN_TIME,
        "%s took %s",
        message,
        Duration.between(sent, now));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }

  private void answered(String message, JsonNode answer) {
    JsonNode headers = answer.path("headers");
    String id = headers.path("X-Request-Id").asText();
    String status = headers.path("X-Sign-Status").asText();
    world.trace.add("client", "%s: %s %s", message, id, status);
    world.invariants.answers(message, status.equals("signed"), answer.path("body").asText());
    if (status.equals("queued")) {
      world.invariants.requireId(id, message);
      accepted.put(id, message);
    }
  }
}
