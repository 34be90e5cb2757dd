package dev.signrelay.simulation;

import static dev.signrelay.simulation.SharedLimit.Kind.FIXED_WAIT;
import static dev.signrelay.simulation.SharedLimit.Kind.SCHEDULE;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.simulation.Clients.Answer;
import dev.signrelay.simulation.SimulatedUpstream.Outage;
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

  /** Five minutes after the last process with the lower limit. */
  private static final Duration RAISED_AFTER = Duration.ofMinutes(8);

  /** The grants that were given before have passed. */
  private static final Duration LOWERED_AFTER = Duration.ofSeconds(240);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aBurstOf60DrainsAt95PercentOfTheLimitAndNoCallIsRefused(long seed) {
    Drain drain = burst(seed, 60, SCHEDULE);

    assertThat(drain.ends()).hasSize(60);
    assertThat(drain.world().upstream.calls()).hasSize(60);
    assertThat(drain.refused()).isZero();
    assertThat(drain.mostInAWindow()).isEqualTo(CALLS);
    assertThat(drain.shareOfTheRate()).isBetween(0.95, 1.0);
    assertThat(drain.world().errors).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, 12", "10, 120", "100, 1200", "1000, 6000", "10000, 30000"})
  void atAnyLimitALineDrainsAt95PercentOfItAndNoCallIsRefused(int calls, int size) {
    Drain drain = Drain.of(1, size, calls, SCHEDULE, Outage.NONE);

    assertThat(drain.ends()).hasSize(size);
    assertThat(drain.world().upstream.calls()).hasSize(size);
    assertThat(drain.refused()).isZero();
    assertThat(drain.mostInAWindow()).isLessThanOrEqualTo(calls);
    assertThat(drain.shareOfTheRate()).isBetween(0.95, 1.0);
    assertThat(drain.world().errors).isEmpty();
  }

  /** Each run of DispatchFunction may be late: one run covers the time until the run after next. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void lateTicksCostNothing(long seed) {
    Drain drain = Drain.of(lateTicks(seed), 600, CALLS);

    assertThat(drain.ends()).hasSize(600);
    assertThat(drain.refused()).isZero();
    assertThat(drain.shareOfTheRate()).isBetween(0.95, 1.0);
  }

  @Test
  void requestsWithinTheLimitAreSignedInTheResponse() {
    Drain drain = burst(1, 60, SCHEDULE);

    assertThat(drain.signedInTheResponse()).hasSize(CALLS);
    assertThat(drain.world().receiver.deliveries()).hasSize(60 - CALLS);
  }

  /** All requests to SQS and DynamoDB count, also those of DispatchFunction. */
  @Test
  void theRequestsPerJobDoNotDependOnTheLengthOfTheLine() {
    Drain drain = burst(1, 600, SCHEDULE);
    Drain longer = burst(1, 6_000, SCHEDULE);

    assertThat(longer.ends()).hasSize(6_000);
    assertThat(requestsPerQueuedJob(longer)).isLessThan(1.1 * requestsPerQueuedJob(drain));
    assertThat(longer.tableRequestsPerJob()).isLessThan(1.1 * drain.tableRequestsPerJob());
    assertThat(drain.tableRequestsPerJob()).isLessThan(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void firstComeFirstServed(long seed) {
    Drain drain = Drain.of(lateTicks(seed), 600, CALLS);

    assertThat(mostOvertaken(drain)).isLessThanOrEqualTo(BATCH);
  }

  /** Old and new processes run side by side for two minutes. */
  @Test
  void aRaisedLimitSpeedsUpTheLineThatIsThere() {
    var world = new World(1, CALLS, SCHEDULE, Outage.NONE);
    Instant raised = World.START.plus(Duration.ofMinutes(10));
    world.deploy(raised, 4 * CALLS);

    Drain drain = Drain.of(world, 600, CALLS);

    assertThat(drain.ends()).hasSize(600);
    assertThat(drain.refused()).isZero();
    assertThat(callsBetween(world, raised.plus(RAISED_AFTER), Duration.ofMinutes(5)))
        .isGreaterThan((int) (0.95 * 5 * 4 * CALLS));
    // The calls that are added in a period are free before the last grants that were given already.
    assertThat(mostOvertaken(drain)).isLessThanOrEqualTo(4 * CALLS + BATCH);
  }

  @Test
  void aLoweredLimitHoldsAtOnce() {
    var world = new World(1, CALLS, SCHEDULE, Outage.NONE);
    Instant lowered = World.START.plus(Duration.ofMinutes(10));
    world.deploy(lowered, CALLS / 2);

    Drain drain = Drain.of(world, 200, CALLS);

    assertThat(drain.ends()).hasSize(200);
    assertThat(callsBetween(world, lowered.plus(LOWERED_AFTER), Duration.ofMinutes(5)))
        .isBetween((int) (0.95 * 5 * CALLS / 2), 5 * CALLS / 2);
  }

  @Test
  void withAFixedWaitTheRequestsPerJobGrowWithTheBacklog() {
    Drain drain = burst(1, 60, FIXED_WAIT);
    Drain longer = burst(1, 300, FIXED_WAIT);

    assertThat(drain.refused()).isZero();
    assertThat(longer.ends()).hasSize(300);
    assertThat(longer.tableRequestsPerJob()).isGreaterThan(2.5 * drain.tableRequestsPerJob());
    assertThat(longer.queueRequestsPerJob()).isGreaterThan(2.5 * drain.queueRequestsPerJob());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aBurstOf60OfWhichHalfFailsFor90SecondsDrainsWithinTenMinutes(long seed) {
    Outage outage = Drain.halfFails(Duration.ofSeconds(90));

    Drain drain = Drain.of(seed, 60, CALLS, SCHEDULE, outage);

    assertThat(drain.ends()).hasSize(60);
    assertThat(drain.time()).isLessThan(Duration.ofMinutes(10));
    assertThat(drain.refused()).isZero();
    assertThat(drain.world().upstream.calls()).extracting("status").contains(503);
  }

  @Test
  void everyRequestOfABurstOf1000IsAnsweredWithinTwoSecondsAndEveryJobIsSigned() {
    Drain drain = Drain.of(1, 1_000, CALLS, SCHEDULE, Drain.halfFails(Duration.ofMinutes(10)));

    assertThat(drain.world().clients.answers())
        .hasSize(1_000)
        .allSatisfy(
            answer ->
                assertThat(Duration.between(answer.sent(), answer.at()))
                    .isLessThan(Duration.ofSeconds(2)));
    assertThat(drain.ends()).hasSize(1_000);
    assertThat(drain.world().errors).isEmpty();
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    assertThat(burst(7, 60, SCHEDULE).world().upstream.calls())
        .isEqualTo(burst(7, 60, SCHEDULE).world().upstream.calls())
        .isNotEqualTo(burst(8, 60, SCHEDULE).world().upstream.calls());
  }

  private static Drain burst(long seed, int size, SharedLimit.Kind limiter) {
    return Drain.of(seed, size, CALLS, limiter, Outage.NONE);
  }

  private static World lateTicks(long seed) {
    return new World(seed, CALLS, SCHEDULE, Outage.NONE).withLateTicks(Duration.ofSeconds(5));
  }

  private static double requestsPerQueuedJob(Drain drain) {
    return drain.world().queues.requests() / (double) (drain.burst() - CALLS);
  }

  private static int callsBetween(World world, Instant from, Duration time) {
    return (int)
        world.upstream.calls().stream()
            .filter(call -> !call.at().isBefore(from) && call.at().isBefore(from.plus(time)))
            .count();
  }

  /**
   * How many requests at most were called before one that was answered more than a second before
   * they were sent. SQS delivers messages of the same second in any order.
   */
  private static long mostOvertaken(Drain drain) {
    Map<String, Answer> answers =
        drain.world().clients.answers().stream().collect(toMap(Answer::message, a -> a));
    List<Answer> called =
        drain.world().upstream.calls().stream().map(call -> answers.get(call.message())).toList();
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
