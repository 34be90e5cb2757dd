package dev.signrelay.simulation;

import static dev.signrelay.simulation.SharedLimit.Kind.FIXED_WAIT;
import static dev.signrelay.simulation.SharedLimit.Kind.SCHEDULE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.signrelay.simulation.SimulatedUpstream.Outage;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The drain of bursts, at a limit of 10 calls in 60 s unless stated otherwise. */
final class DrainTest {

  private static final int CALLS = 10;

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
  @CsvSource({"1, 6", "100, 600", "1000, 4000"})
  void atAnyLimitABurstDrainsAt95PercentOfItAndNoCallIsRefused(int calls, int size) {
    Drain drain = Drain.of(1, size, calls, SCHEDULE, Outage.NONE);

    assertThat(drain.ends()).hasSize(size);
    assertThat(drain.refused()).isZero();
    assertThat(drain.mostInAWindow()).isEqualTo(calls);
    assertThat(drain.shareOfTheRate()).isBetween(0.95, 1.0);
  }

  @Test
  void requestsWithinTheLimitAreSignedInTheResponse() {
    Drain drain = burst(1, 60, SCHEDULE);

    assertThat(drain.signedInTheResponse()).hasSize(CALLS);
    assertThat(drain.world().receiver.deliveries()).hasSize(60 - CALLS);
  }

  @Test
  void aLongBacklogCostsNoMoreTableRequestsPerJobThanAShortOne() {
    assertThat(burst(1, 60, SCHEDULE).tableRequestsPerJob()).isLessThan(3);
    assertThat(burst(1, 600, SCHEDULE).tableRequestsPerJob())
        .isLessThanOrEqualTo(burst(1, 60, SCHEDULE).tableRequestsPerJob());
  }

  /** 140 jobs wait up to 13 1/2 minutes. */
  @Test
  void aBacklogOf15MinutesCostsNoMoreQueueRequestsPerJobThanAShortOne() {
    assertThat(requestsPerQueuedJob(burst(1, 140, SCHEDULE)))
        .isCloseTo(requestsPerQueuedJob(burst(1, 60, SCHEDULE)), within(0.06));
  }

  /** A message can wait 900 s in SQS, and is then sent again: a send, a receive and a deletion. */
  @Test
  void everyFurther15MinutesCostAtMostThreeQueueRequestsPerJob() {
    Drain drain = burst(1, 600, SCHEDULE);
    double furtherWaits =
        drain.ends().values().stream()
            .mapToLong(end -> Duration.between(World.START, end).dividedBy(Duration.ofMinutes(15)))
            .average()
            .orElseThrow();

    assertThat(requestsPerQueuedJob(drain))
        .isLessThan(requestsPerQueuedJob(burst(1, 60, SCHEDULE)) + 3 * furtherWaits);
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

  private static double requestsPerQueuedJob(Drain drain) {
    return drain.world().queue.requests() / (double) (drain.burst() - CALLS);
  }
}
