package dev.signrelay.simulation;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Draws what the clients of a run send, and when, and plans it. A request with a key is repeated.
 */
final class RequestPlan {

  private static final double REJECTED = 0.15;
  private static final double WITHOUT_CALLBACK = 0.15;

  /** Of the requests that prefer to read the result. */
  private static final double POLLED = 0.7;

  private static final double FOR_ANOTHER = 0.3;

  /** The lease of a reservation: a process that has died leaves the request to others then. */
  private static final Duration LEASE = Duration.ofSeconds(10);

  private final World world;
  private final SeededRandom random;
  private final Scenario scenario;

  RequestPlan(World world) {
    this.world = world;
    this.random = world.random;
    this.scenario = world.scenario;
  }

  void send() {
    for (int i = 0; i < scenario.requests(); i++) {
      Instant at = World.START.plus(random.between(Duration.ZERO, scenario.within()));
      boolean isKeyed = random.getAsDouble() < scenario.keyed();
      String key = isKeyed ? "key-" + i : null;
      ClientRequest request = request(i, key);
      world.clients.send(at, request);
      if (key != null) {
        repeat(request, at);
        if (random.getAsDouble() < FOR_ANOTHER) {
          world.clients.send(at.plus(soon()), request(scenario.requests() + i, key));
        }
      }
    }
  }

  private ClientRequest request(int number, @Nullable String key) {
    boolean respondAsync = random.getAsDouble() < scenario.asynchronous();
    boolean withoutCallback = random.getAsDouble() < (respondAsync ? POLLED : WITHOUT_CALLBACK);
    return new ClientRequest(
        key == null ? world.id() : ClientRequest.idOf(key),
        message(number),
        withoutCallback ? null : URI.create("https://client.example/" + number),
        scenario.validity(random).orElse(null),
        respondAsync,
        key);
  }

  private String message(int number) {
    String prefix = random.getAsDouble() < REJECTED ? World.REJECTED : "message";
    return prefix + "-" + (scenario.messages() == 0 ? number : number % scenario.messages());
  }

  private void repeat(ClientRequest request, Instant first) {
    int times = 1 + random.below(2);
    for (int i = 0; i < times; i++) {
      world.clients.send(first.plus(soon()), request);
    }
  }

  /**
   * At once, while the request is answered, soon after the lease of a process that died, or later.
   */
  private Duration soon() {
    return random.oneOf(
        Duration.ZERO,
        random.between(Duration.ZERO, Duration.ofSeconds(3)),
        LEASE.plus(random.between(Duration.ZERO, Duration.ofSeconds(30))),
        random.between(Duration.ZERO, Duration.ofMinutes(30)));
  }
}
