package dev.signrelay.simulation;

import dev.signrelay.simulation.Clients.Answer;
import dev.signrelay.simulation.SimulatedReceiver.Delivery;
import dev.signrelay.simulation.SimulatedUpstream.Call;
import dev.signrelay.simulation.SimulatedUpstream.Outage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of a burst of requests that all name a callback and come as fast as the template
 * lets them in: a hundred at once and fifty a second from then on.
 *
 * @param calls that the upstream takes in 60 s
 * @param ends when each job that has its signature got it, in the answer or with the callback
 */
public record Drain(World world, int burst, int calls, Map<String, Instant> ends) {

  /** API Gateway's bucket, as the template sets it. */
  private static final int AT_ONCE = 100;

  private static final Duration GAP = Duration.ofMillis(20);

  private static final Duration LONGEST = Duration.ofDays(7);

  static Drain of(long seed, int burst, int calls, SharedLimit.Kind limiter, Outage outage) {
    var world = new World(seed, calls, limiter, outage);
    for (int i = 0; i < burst; i++) {
      Duration wait = GAP.multipliedBy(Math.max(0, i - AT_ONCE));
      world.clients.requestWithCallback(World.START.plus(wait), message(i));
    }
    world.time.run(World.START.plus(LONGEST));
    return new Drain(world, burst, calls, ends(world));
  }

  /** With our limiter and an upstream that always signs. */
  public static Drain withoutFailures(long seed, int burst, int calls) {
    return of(seed, burst, calls, SharedLimit.Kind.SCHEDULE, Outage.NONE);
  }

  static String message(int i) {
    return "message-" + i;
  }

  /** Every second message fails, for so long. */
  static Outage halfFails(Duration time) {
    return new Outage(
        message -> message.charAt(message.length() - 1) % 2 == 1, World.START.plus(time));
  }

  private static Map<String, Instant> ends(World world) {
    var ends = new HashMap<String, Instant>();
    for (Answer answer : world.clients.answers()) {
      if (answer.isSigned()) {
        ends.put(answer.message(), answer.at());
      }
    }
    for (Delivery delivery : world.receiver.deliveries()) {
      ends.putIfAbsent(SimulatedUpstream.messageOf(delivery.signature()), delivery.at());
    }
    return ends;
  }

  List<String> signedInTheAnswer() {
    return world.clients.answers().stream().filter(Answer::isSigned).map(Answer::message).toList();
  }

  /** From the first request to the last signature. */
  public Duration time() {
    Instant last = ends.values().stream().max(Instant::compareTo).orElse(World.START);
    return Duration.between(World.START, last);
  }

  /**
   * How much of the allowed rate was used once the first N calls were made: 1 if the others took as
   * many minutes as there are times N of them.
   */
  public double shareOfTheRate() {
    List<Call> made = world.upstream.calls();
    Duration took = Duration.between(made.get(calls - 1).at(), made.getLast().at());
    double minutes = (made.size() - calls) / (double) calls;
    return minutes * SimulatedUpstream.WINDOW.toMillis() / took.toMillis();
  }

  /** Calls that the upstream answered with 429. */
  long refused() {
    return world.upstream.calls().stream().filter(call -> call.status() == 429).count();
  }

  /** The most calls that arrived within any 60 s. */
  int mostInAWindow() {
    List<Instant> times = world.upstream.calls().stream().map(Call::at).toList();
    int most = 0;
    int first = 0;
    for (int last = 0; last < times.size(); last++) {
      while (!times.get(last).isBefore(times.get(first).plus(SimulatedUpstream.WINDOW))) {
        first++;
      }
      most = Math.max(most, last - first + 1);
    }
    return most;
  }

  public double queueRequestsPerJob() {
    return world.queue.requests() / (double) burst;
  }

  public double tableRequestsPerJob() {
    return world.limit.requests() / (double) burst;
  }
}
