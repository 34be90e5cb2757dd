package dev.signrelay.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.SignHandler;
import dev.signrelay.local.LambdaFunction;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Clients, and the processes of SignFunction that answer them or die. */
final class Clients {

  /**
   * A response.
   *
   * @param sent when the request was sent
   * @param status the header {@code X-Sign-Status}
   */
  record Answer(String message, Instant sent, Instant at, String status) {

    boolean isSigned() {
      return status.equals("signed");
    }
  }

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SLOWEST_START = Duration.ofMillis(1_700);
  private static final Duration RESPONSE_LIMIT = Duration.ofSeconds(2);

  /** The budget of SignFunction, with a margin for the last step. */
  private static final Duration RESPOND_WITHIN = Duration.ofMillis(1_850 + 20);

  private static final Duration SEND_RESERVE = Duration.ofMillis(400 + 20);
  private static final Duration RECORD_RESERVE = Duration.ofMillis(150);
  private static final Duration RESERVATION_RESERVE = Duration.ofMillis(250);

  private final World world;
  private final Deque<SimulatedProcess> idle = new ArrayDeque<>();

  /** The requests whose response said {@code queued}, by the jobs' ids. */
  final Map<String, ClientRequest> accepted = new LinkedHashMap<>();

  /** The responses that clients received. */
  final List<Answer> answers = new ArrayList<>();

  private int started;
  private int planned;

  Clients(World world) {
    this.world = world;
  }

  /** Whether there are requests that have no response yet. */
  boolean areWaiting() {
    return answers.size() < planned;
  }

  /** Plans a request with a callback URL of its own. */
  void requestWithCallback(Instant at, String message) {
    request(at, message, URI.create("https://client.example/" + message));
  }

  /** Plans a request without a callback URL. */
  void request(Instant at, String message) {
    request(at, message, null);
  }

  private void request(Instant at, String message, @Nullable URI callbackUrl) {
    send(at, new ClientRequest(world.id(), message, callbackUrl, null, false, null));
  }

  /** Plans a request. */
  void send(Instant at, ClientRequest request) {
    planned++;
    world.time.start(
        at,
        () -> {
          world.expiry.wanted(request);
          call(request);
        });
  }

  private void call(ClientRequest request) {
    if (world.faults.occurs(Fault.THROTTLE)) {
      world.trace.add("client", "THROTTLE %s", request);
      return;
    }
    SimulatedProcess process =
        idle.isEmpty() ? new SimulatedProcess("sign-" + started++, world) : idle.pop().next();
    Instant sent = world.time.instant();
    String event = request.event(world.time);
    if (world.faults.occurs(Fault.SLOW_START)) {
      world.time.sleep(world.random.between(Duration.ZERO, SLOWEST_START));
    }
    Instant start = world.time.instant();
    process.begin(TIMEOUT);
    if (process.isClockWrong()) {
      world.expiry.unknown(request);
    }
    Progress progress = Progress.ofRequest(request);
    var invocation = new Invocation(world, process, List.of(progress));
    world.idempotency.begins(process, progress, request);
    var handler = new SignHandler(invocation.services());
    try {
      JsonNode answer = new LambdaFunction("SignFunction", handler, TIMEOUT, process).invoke(event);
      if (!process.isDead()) {
        idle.push(process);
        answered(request, sent, answer, progress);
        requireInTime(sent, start, process, request);
        return;
      }
    } catch (Crash _) {
      world.expiry.unknown(request);
      // As if the dead process had no response.
    }
    world.idempotency.died(request);
    world.trace.add("client", "%s: no response", request);
    requireInTime(sent, start, process, request);
  }

  /**
   * A crash is a fault. A process that reaches Lambda's timeout is too slow. The function cannot
   * know by how much its clock is behind. Even after a slow start it spends 400 ms on the queue,
   * 150 ms on the record and 250 ms on a reservation.
   *
   * @param start when the handler was called
   */
  private void requireInTime(
      Instant sent, Instant start, SimulatedProcess process, ClientRequest request) {
    Instant now = world.time.instant();
    Instant inTime =
        later(
            sent.plus(RESPONSE_LIMIT),
            later(sent.plus(RESPOND_WITHIN), start.plus(reserve(request))).plus(process.behind()));
    world.invariants.require(
        process.wasFrozen() || process.isClockWrong() || now.isBefore(inTime),
        Invariant.ANSWERED_IN_TIME,
        "%s took %s",
        request,
        Duration.between(sent, now));
  }

  private Duration reserve(ClientRequest request) {
    if (!world.scenario.config().records().enabled()) {
      return SEND_RESERVE;
    }
    Duration reserve = SEND_RESERVE.plus(RECORD_RESERVE);
    return request.key() == null ? reserve : reserve.plus(RESERVATION_RESERVE);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }

  private void answered(ClientRequest request, Instant sent, JsonNode answer, Progress progress) {
    JsonNode headers = answer.path("headers");
    String id = headers.path("X-Request-Id").asText();
    String status = headers.path("X-Sign-Status").asText();
    int code = answer.path("statusCode").asInt();
    world.trace.add("client", "%s: %d %s %s", request, code, id, status);
    answers.add(new Answer(request.message(), sent, world.time.instant(), status));
    world.invariants.answers(
        request.message(), status.equals("signed"), answer.path("body").asText());
    world.idempotency.answers(request, code);
    if (status.equals("queued")) {
      if (!progress.called && !world.scenario.config().records().reusesSignatures()) {
        world.share.queues(request, sent);
      }
      if (request.callbackUrl() != null) {
        world.invariants.requireId(id, request.callbackUrl().toString());
      }
      accepted.put(id, request);
    }
  }
}
