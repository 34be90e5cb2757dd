package dev.signrelay.simulation;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.simulation.Clients.Answer;
import dev.signrelay.simulation.SimulatedUpstream.Outage;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.Processor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The drain of bursts, at a limit of 10 calls in 60 s unless stated otherwise. */
final class DrainTest {

  private static final int CALLS = 10;

  /** Calls of a batch of DispatchFunction may change places. */
  private static final int BATCH = 10;

  /**
   * Also if a message takes up to 20 s from visible to function, a start or a tick is up to 55 s
   * late, and receives return some of what is there.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 12, true",
    "10, 60, true",
    "100, 600, true",
    "1000, 4000, true",
    "1, 12, false",
    "10, 120, false",
    "100, 600, false"
  })
  void atAnyLimitALineDrainsAt95PercentOfItAndNoCallIsRefused(
      int calls, int size, boolean isPunctual) {
    drains(1, calls, size, isPunctual);
  }

  @Night
  @ParameterizedTest
  @CsvSource({"1, 60", "10, 6000", "100, 6000", "1000, 20000", "10000, 60000"})
  void aLongLineDrainsAt95PercentOfAnyLimit(int calls, int size) {
    for (long seed = 1; seed <= 3; seed++) {
      drains(seed, calls, size, true);
      drains(seed, calls, size, false);
    }
  }

  private static void drains(long seed, int calls, int size, boolean isPunctual) {
    World world = World.measured(seed, calls, Outage.NONE);
    if (calls > 3_000) {
      world.processor = Processor.forLimit(calls);
    }
    if (!isPunctual) {
      world.latestTick = Duration.ofSeconds(55);
      world.slowestSource = Duration.ofSeconds(20);
      world.line.returnsParts = true;
    }
    requireShare(0.945, world, size, calls);
    assertThat(world.upstream.calls).hasSize(size);
  }

  private static void requireShare(double least, World world, int size, int calls) {
    Drain drain = Drain.of(world, size, calls);

    requireAllSigned(drain);
    assertThat(drain.shareOfTheRate()).isBetween(least, 1.0);
  }

  /** Nothing is refused, and no invariant is broken: among others, the limit is kept. */
  private static void requireAllSigned(Drain drain) {
    assertThat(drain.ends()).hasSize(drain.burst());
    assertThat(drain.refused()).isZero();
    assertThat(drain.world().invariants.violations).isEmpty();
  }

  /** Else calls that begin at once would connect too late, and their grants be lost. */
  @Test
  void aRunBeginsAsManyCallsAsItsProcessorCan() {
    World world = World.measured(2, 1_000, Outage.NONE);
    world.processor = Processor.forLimit(1_000);

    requireShare(0.945, world, 4_000, 1_000);
  }

  /** Runs of up to 300 calls at once: those that are full go on when another one begins. */
  @Night
  @ParameterizedTest
  @CsvSource({"1000, 6000, 1500, 9000, 0.945", "10000, 60000, 8900, 9000, 0.9"})
  void aSlowUpstreamIsCalledAtTheRateOfTheLimit(
      int calls, int size, int fastestMillis, int slowestMillis, double share) {
    World world = World.measured(1, calls, Outage.NONE);
    world.upstream.takes(Duration.ofMillis(fastestMillis), Duration.ofMillis(slowestMillis));

    requireShare(share, world, size, calls);
  }

  @Test
  void receivesThatTakeFiveSecondsCostLessThanTheirTime() {
    World world = World.measured(1, CALLS, Outage.NONE);
    world.line.slowestReceive = Duration.ofSeconds(5);

    requireShare(0.88, world, 120, CALLS);
  }

  @Test
  void requestsWithinTheLimitAreSignedInTheResponse() {
    Drain drain = burst(60);

    assertThat(drain.signedInTheResponse()).hasSize(CALLS);
    assertThat(drain.world().deliveries).hasSize(60 - CALLS);
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 600})
  void aJobInLineCostsAtMostOneAndAHalfRequestsToSqsAndToDynamoDb(int size) {
    Drain drain = burst(size);

    requireAllSigned(drain);
    assertThat(drain.lineRequestsPerJob()).isLessThan(1.5);
    assertThat(drain.lineTableRequestsPerJob()).isLessThan(1.5);
  }

  /** All requests to SQS and DynamoDB count, also those of DispatchFunction. */
  @Test
  void theRequestsPerJobDoNotDependOnTheLengthOfTheLine() {
    Drain drain = burst(300);
    Drain longer = burst(1_200);

    requireAllSigned(longer);
    assertThat(requestsPerQueuedJob(longer)).isLessThan(1.1 * requestsPerQueuedJob(drain));
    assertThat(longer.tableRequestsPerJob()).isLessThan(1.1 * drain.tableRequestsPerJob());
  }

  @Test
  void firstComeFirstServed() {
    World world = World.measured(1, CALLS, Outage.NONE);
    world.latestTick = Duration.ofSeconds(5);

    Drain drain = Drain.of(world, 300, CALLS);

    assertThat(mostOvertaken(drain)).isLessThanOrEqualTo(BATCH);
  }

  /**
   * Old and new processes run side by side for two minutes. A higher limit holds five minutes after
   * the last process with the lower one; a lower limit when all calls of the higher one are over.
   *
   * @param after minutes after which the new limit is that of the calls
   */
  @ParameterizedTest
  @CsvSource({"40, 600, 8", "5, 200, 4"})
  void aChangedLimitIsThatOfTheLineThatIsThere(int changed, int size, int after) {
    Instant at = World.START.plus(Duration.ofMinutes(10));
    World world = World.deploying(1, CALLS, at, changed);

    requireAllSigned(Drain.of(world, size, CALLS));

    assertThat(callsIn(world, at.plus(Duration.ofMinutes(after)), Duration.ofMinutes(5)))
        .isBetween((long) (0.94 * 5 * changed), 5L * changed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aBurstOf60OfWhichHalfFailsFor90SecondsDrainsWithinTenMinutes(long seed) {
    Drain drain = Drain.of(seed, 60, CALLS, Drain.halfFails(Duration.ofSeconds(90)));

    requireAllSigned(drain);
    assertThat(drain.time()).isLessThan(Duration.ofMinutes(10));
    assertThat(drain.world().upstream.calls).extracting("status").contains(503);
  }

  @Test
  void everyRequestOfABurstOf1000IsAnsweredWithinTwoSecondsAndEveryJobIsSigned() {
    // That each is answered in time is one of the invariants.
    requireAllSigned(Drain.of(1, 1_000, 10 * CALLS, Drain.halfFails(Duration.ofMinutes(10))));
  }

  private static Drain burst(int size) {
    return Drain.of(1, size, CALLS, Outage.NONE);
  }

  private static double requestsPerQueuedJob(Drain drain) {
    return drain.world().queues.requests() / (double) (drain.burst() - CALLS);
  }

  private static long callsIn(World world, Instant from, Duration time) {
    return world.upstream.calls.stream()
        .filter(call -> !call.at().isBefore(from) && call.at().isBefore(from.plus(time)))
        .count();
  }

  /**
   * How many requests at most were called before one that was answered more than a second before
   * they were sent. SQS delivers messages of the same second in any order.
   */
  private static long mostOvertaken(Drain drain) {
    Map<String, Answer> answers =
        drain.world().clients.answers.stream().collect(toMap(Answer::message, a -> a));
    List<Answer> called =
        drain.world().upstream.calls.stream().map(call -> answers.get(call.message())).toList();
    return IntStream.range(0, called.size())
        .mapToLong(
            i ->
                called.subList(0, i).stream()
                    .filter(earlier -> earlier.sent().isAfter(called.get(i).at().plusSeconds(1)))
                    .count())
        .max()
        .orElseThrow();
  }
}
