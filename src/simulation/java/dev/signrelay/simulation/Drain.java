package dev.signrelay.simulation;

import dev.signrelay.job.JobQueue;
import dev.signrelay.simulation.Clients.Answer;
import dev.signrelay.simulation.FaultyReceiver.Delivery;
import dev.signrelay.simulation.SimulatedUpstream.Call;
import dev.signrelay.simulation.SimulatedUpstream.Outage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The drain of a burst. All requests have a callback URL and arrive as fast as the template admits
 * them: 100 at once, then 50 per second. With a limit above 1,000, for which the template has to
 * admit more, three times as many requests arrive as the limit allows.
 *
 * @param calls the limit: upstream calls in any 60 s
 * @param ends when each message was signed and its signature sent, in the response or a callback
 */
record Drain(World world, int burst, int calls, Map<String, Instant> ends) {

  /** The burst limit of API Gateway in the template. */
  private static final int AT_ONCE = 100;

  private static final Duration GAP = Duration.ofMillis(20);

  /** How many times the limit of requests arrive, if the template does not admit as many. */
  private static final int TIMES_THE_LIMIT = 3;

  static Drain of(long seed, int burst, int calls, Outage outage) {
    return of(World.measured(seed, calls, outage), burst, calls);
  }

  static Drain of(World world, int burst, int calls) {
    Duration gap = gap(calls);
    for (int i = 0; i < burst; i++) {
      Duration wait = gap.multipliedBy(Math.max(0, i - AT_ONCE));
      world.clients.requestWithCallback(World.START.plus(wait), "message-" + i);
    }
    var _ = world.run();
    return new Drain(world, burst, calls, ends(world));
  }

  private static Duration gap(int calls) {
    Duration ofLimit = SimulatedUpstream.WINDOW.dividedBy((long) TIMES_THE_LIMIT * calls);
    return ofLimit.compareTo(GAP) < 0 ? ofLimit : GAP;
  }

  /** Every second message fails for a limited time. */
  static Outage halfFails(Duration time) {
    return new Outage(
        message -> message.charAt(message.length() - 1) % 2 == 1, World.START.plus(time));
  }

  private static Map<String, Instant> ends(World world) {
    var ends = new HashMap<String, Instant>();
    for (Answer answer : world.clients.answers) {
      if (answer.isSigned()) {
        ends.put(answer.message(), answer.at());
      }
    }
    for (Delivery delivery : world.deliveries) {
      ends.putIfAbsent(SimulatedUpstream.messageOf(delivery.signature()), delivery.at());
    }
    return ends;
  }

  List<String> signedInTheResponse() {
    return world.clients.answers.stream().filter(Answer::isSigned).map(Answer::message).toList();
  }

  /** From the first request to the last signature. */
  Duration time() {
    Instant last = ends.values().stream().max(Instant::compareTo).orElse(World.START);
    return Duration.between(World.START, last);
  }

  /** Whether there are calls after the first 2 N. */
  boolean hasRate() {
    return world.upstream.calls.size() >= 3 * calls;
  }

  /**
   * The rate of the calls after the first 2 N, as a share of the limit. N are made at once. The
   * next N may be late: the first run begins up to a minute later, and its tick can be late, too.
   * Calls beyond the last multiple of N do not count: however few they are, they wait for a minute.
   */
  double shareOfTheRate() {
    List<Call> made = world.upstream.calls;
    int minutes = made.size() / calls - 2;
    Duration took =
        Duration.between(made.get(2 * calls - 1).at(), made.get((minutes + 2) * calls - 1).at());
    return (double) minutes * SimulatedUpstream.WINDOW.toMillis() / took.toMillis();
  }

  /** The number of calls to which the upstream responded 429. */
  long refused() {
    return world.upstream.calls.stream().filter(call -> call.status() == 429).count();
  }

  double queueRequestsPerJob() {
    return world.queues.requests() / (double) burst;
  }

  /** The requests to the line for each job in it, with its send. */
  double lineRequestsPerJob() {
    return world.queues.of(JobQueue.LINE).requests() / (double) jobs();
  }

  /** The requests of DispatchFunction to DynamoDB for each job in line. */
  double lineTableRequestsPerJob() {
    return world.dispatchTableRequests / (double) jobs();
  }

  private int jobs() {
    return burst - signedInTheResponse().size();
  }

  double tableRequestsPerJob() {
    return world.table.requests() / (double) burst;
  }
}
