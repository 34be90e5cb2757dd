package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.signrelay.job.Grant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The times of grants. {@link GrantScheduleChangeTest} tests how a schedule changes. */
final class GrantScheduleTest {

  private static final Instant T = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration MINUTE = Duration.ofSeconds(60);

  /** Three calls in slots at 0, 10 and 10 s. */
  private static final GrantSchedule THREE = schedule(3, at(0), at(10), at(10));

  /** Five calls in slots at 0 s and at 30 s. */
  private static final GrantSchedule FIVE = schedule(5, at(0), at(30));

  @Test
  void eachCallHasOneGrantAPeriod() {
    assertThat(LongStream.range(0, 7).mapToObj(THREE::time))
        .containsExactly(at(0), at(10), at(10), at(60), at(70), at(70), at(120));
  }

  @Test
  void theCallsOfASlotHaveTheSameTime() {
    assertThat(LongStream.range(0, 7).mapToObj(FIVE::time))
        .containsExactly(at(0), at(0), at(0), at(30), at(30), at(60), at(60));
  }

  @ParameterizedTest
  @CsvSource({
    "-5, 0",
    "0, 0",
    "1, 1",
    "10, 1",
    "11, 3",
    "60, 3",
    "61, 4",
    "70, 4",
    "71, 6",
    "6000, 300"
  })
  void firstFromIsTheFirstGrantAtOrAfterATime(int seconds, int number) {
    assertThat(THREE.firstFrom(at(seconds))).isEqualTo(number);
  }

  @ParameterizedTest
  @CsvSource({"-5, -1", "0, 0", "9, 0", "10, 2", "59, 2", "60, 3", "70, 5"})
  void lastUntilIsTheLastGrantAtOrBeforeATime(int seconds, int number) {
    assertThat(THREE.lastUntil(at(seconds))).isEqualTo(number);
  }

  @Test
  void theFirstGrantIsFoundIfSlotsAreAWholePeriodApart() {
    GrantSchedule schedule = schedule(2, at(0), at(60));

    assertThat(LongStream.range(0, 5).mapToObj(schedule::time))
        .containsExactly(at(0), at(60), at(60), at(120), at(120));
    assertThat(schedule.firstFrom(at(60))).isEqualTo(1);
    assertThat(schedule.lastUntil(at(60))).isEqualTo(2);
    assertThat(schedule.firstFrom(at(120))).isEqualTo(3);
  }

  /** For any number of calls, times are in order, and the numbers found for a time are inverse. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 64, 65, 100, 127, 128, 129, 1_000, 99_999, 100_000})
  void numbersAreTheInverseOfTimes(int calls) {
    GrantSchedule schedule = spread(calls);
    int step = Math.max(1, calls / 1_000);

    for (long k = 0; k < 3L * calls; k += step) {
      Instant time = schedule.time(k);
      long first = schedule.firstFrom(time);
      long last = schedule.lastUntil(time);
      assertThat(k).isBetween(first, last);
      assertThat(schedule.time(first)).isEqualTo(time);
      assertThat(schedule.time(last)).isEqualTo(time);
      assertThat(schedule.time(last + 1)).isAfter(time);
      assertThat(schedule.firstFrom(time.plusNanos(1))).isEqualTo(last + 1);
      assertThat(schedule.lastUntil(time.minusNanos(1))).isEqualTo(first - 1);
    }
  }

  /** Slots hold the same number of calls, give or take one. */
  @ParameterizedTest
  @ValueSource(ints = {65, 100, 128, 1_000, 99_999, 100_000})
  void callsAreSpreadEvenlyOverTheSlots(int calls) {
    GrantSchedule schedule = spread(calls);

    for (Instant slot : schedule.slots()) {
      assertThat(schedule.lastUntil(slot) - schedule.firstFrom(slot) + 1)
          .isBetween((long) calls / 64, (long) Math.ceilDiv(calls, 64));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "63, 63", "64, 64", "65, 64", "100000, 64"})
  void anIdleScheduleHasAllGrantsNowAndTheNextAfterAPeriod(int calls, int slots) {
    GrantSchedule idle = GrantSchedule.idle("v", MINUTE, calls, T);

    assertThat(idle.slots()).hasSize(slots).containsOnly(T);
    assertThat(idle.time(calls - 1)).isEqualTo(T);
    assertThat(idle.time(calls)).isEqualTo(at(60));
    assertThat(idle.freeFrom()).isEqualTo(T);
  }

  @Test
  void theLastGrantsHaveUniqueIdsAndExpireAfterTheirValidity() {
    List<Grant> grants = THREE.withGranted(5).lastGrants(2, Duration.ofSeconds(1));

    assertThat(grants)
        .containsExactly(new Grant("v/3", at(60), at(61)), new Grant("v/4", at(70), at(71)));
  }

  @Test
  void invalidSchedulesAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> schedule(2, at(1), T));
    assertThatIllegalArgumentException().isThrownBy(() -> schedule(2, T, at(60).plusNanos(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> schedule(1));
    assertThatIllegalArgumentException().isThrownBy(() -> schedule(1, T, T));
    assertThatIllegalArgumentException().isThrownBy(() -> THREE.withGranted(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GrantSchedule.idle("v", Duration.ZERO, 1, T));
  }

  /** A schedule with all its slots at different times. */
  private static GrantSchedule spread(int calls) {
    int slots = Math.min(calls, GrantSchedule.MAX_SLOTS);
    return schedule(
        calls,
        LongStream.range(0, slots).mapToObj(i -> T.plusMillis(900 * i)).toArray(Instant[]::new));
  }

  private static GrantSchedule schedule(int calls, Instant... slots) {
    return new GrantSchedule("v", MINUTE, calls, List.of(slots), 0, T);
  }

  private static Instant at(int seconds) {
    return T.plusSeconds(seconds);
  }
}
