package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.GrantSchedule.Offer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    assertThat(LongStream.range(0, 7).mapToObj(FIVE::time))
        .as("the calls of a slot have the same time")
        .containsExactly(at(0), at(0), at(0), at(30), at(30), at(60), at(60));
  }

  @ParameterizedTest
  @CsvSource({
    "-5, 0, -1",
    "0, 0, 0",
    "1, 1, 0",
    "9, 1, 0",
    "10, 1, 2",
    "11, 3, 2",
    "59, 3, 2",
    "60, 3, 3",
    "61, 4, 3",
    "70, 4, 5",
    "71, 6, 5",
    "6000, 300, 300"
  })
  void aTimeIsBetweenTheLastGrantUntilItAndTheFirstFromIt(int seconds, int first, int last) {
    assertThat(THREE.firstFrom(at(seconds))).isEqualTo(first);
    assertThat(THREE.lastUntil(at(seconds))).isEqualTo(last);
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

  /** Of three calls in slots at 0, 10 and 10 s, asked for five; a grant may be 5 s old. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 1, 0, false",
    "0, 5, 4, 1, 0, false",
    "0, 0, 10, 3, 2, false",
    "0, 0, 69, 4, 3, false",
    "0, 0, 70, 5, 5, false",
    "1, 0, 9, 0, 0, false",
    "1, 15, 0, 2, 2, false",
    "0, 6, 3, 1, 0, true",
    "0, 6, 4, 3, 2, true",
    "2, 16, 0, 1, 2, true"
  })
  void theGrantsThatBeginSoonAreOffered(
      int granted, int now, int wait, int count, long last, boolean isRebuilt) {
    GrantSchedule schedule = THREE.withGranted(granted);

    Offer offer =
        schedule.offer(5, at(now), Duration.ofSeconds(wait), Duration.ofSeconds(5), "new");

    assertThat(offer)
        .isEqualTo(new Offer(isRebuilt ? schedule.rebuilt("new", at(now)) : schedule, count, last));
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

  @Test
  void aRebuildMovesOnlyPastCallsToNow() {
    GrantSchedule rebuilt = THREE.withGranted(2).rebuilt("next", at(65));

    assertThat(next(rebuilt, 6)).containsExactly(at(65), at(65), at(70), at(125), at(125), at(130));
    assertThat(rebuilt.version()).isEqualTo("next");
  }

  @Test
  void aRebuildKeepsThePeriodOfEveryCall() {
    GrantSchedule rebuilt = THREE.withGranted(2).rebuilt("next", at(11));

    assertThat(next(rebuilt, 4)).containsExactly(at(11), at(60), at(70), at(71));
  }

  @Test
  void aRebuildByAClockThatIsBehindDoesNotMakeTheNextGrantEarlier() {
    GrantSchedule schedule = THREE.withGranted(8);

    assertThat(next(schedule.rebuilt("next", at(-100)), 9)).isEqualTo(next(schedule, 9));
  }

  /** Grants of a slot of which some are left are not lost. */
  @Test
  void aRebuildDoesNotDelayTheRestOfASlot() {
    GrantSchedule rebuilt =
        GrantSchedule.idle("v", MINUTE, 1_000, T).withGranted(1).rebuilt("next", at(1));

    assertThat(rebuilt.lastUntil(at(1)) - rebuilt.granted() + 1).isEqualTo(999);
    assertThat(rebuilt.time(rebuilt.granted() + 999)).isEqualTo(at(61));
  }

  @Test
  void aLowerLimitKeepsTheCallsThatAreFreeFirst() {
    GrantSchedule lower = THREE.withGranted(4).resized("next", 2, T);

    assertThat(next(lower, 4)).containsExactly(at(70), at(70), at(130), at(130));
    assertThat(lower.freeFrom()).isEqualTo(at(120));
    assertThat(THREE.resized("next", 1, at(500)).next()).isEqualTo(at(500));
  }

  @Test
  void aHigherLimitAddsCallsAtOnce() {
    GrantSchedule higher = THREE.withGranted(4).resized("next", 5, at(65));

    assertThat(next(higher, 6)).containsExactly(at(65), at(65), at(70), at(70), at(120), at(125));
    assertThat(next(THREE.withGranted(3).resized("next", 5, at(20)), 6))
        .containsExactly(at(20), at(20), at(60), at(70), at(70), at(80));
  }

  @Test
  void aLimitIsNotRaisedBeforeEveryRemovedCallIsFree() {
    GrantSchedule lower = THREE.withGranted(4).resized("next", 1, T);

    assertThatIllegalStateException()
        .isThrownBy(() -> lower.resized("later", 3, lower.freeFrom().minusMillis(1)));
    assertThat(lower.resized("later", 3, lower.freeFrom()).calls()).isEqualTo(3);
  }

  /**
   * Windows of a period hold at most the higher limit, and later ones at most the lower. No grant
   * begins before one that was given.
   */
  @ParameterizedTest
  @CsvSource({"3, 1", "1, 3", "64, 65", "65, 64", "200, 199", "199, 200", "70, 1000", "1000, 70"})
  void noWindowHoldsMoreThanTheHigherLimit(int before, int after) {
    for (int percent : List.of(0, 1, 50, 99, 100, 101, 250)) {
      GrantSchedule old = used(before, before * percent / 100);
      Instant now = old.slots().getFirst().plusSeconds(7);

      GrantSchedule resized = old.resized("next", after, now);

      int higher = Math.max(before, after);
      List<Instant> grants =
          Stream.concat(
                  LongStream.range(0, old.granted()).mapToObj(old::time),
                  next(resized, 2 * higher).stream())
              .toList();
      assertThat(grants).isSorted();
      assertThat(resized.next()).isAfterOrEqualTo(now);
      assertNoWindowHoldsMore(grants, higher);
      assertNoWindowHoldsMore(
          grants.stream().filter(time -> !time.isBefore(resized.freeFrom())).toList(), after);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100_000})
  void anotherPeriodBeginsWhenEveryCallIsFree(int calls) {
    Duration second = Duration.ofSeconds(1);

    assertThat(THREE.withGranted(7).withPeriod("next", second, calls, T))
        .isEqualTo(GrantSchedule.idle("next", second, calls, at(180)));
    assertThat(THREE.withPeriod("next", second, calls, at(500)).next()).isEqualTo(at(500));
    assertThat(THREE.withGranted(7).resized("lower", 1, T).withPeriod("next", second, calls, T))
        .isEqualTo(GrantSchedule.idle("next", second, calls, at(180)));
  }

  /** A schedule whose calls were rebuilt at different times, so that they are spread. */
  private static GrantSchedule used(int calls, int granted) {
    GrantSchedule schedule = GrantSchedule.idle("v", MINUTE, calls, T);
    for (int second = 1; second <= 20; second++) {
      int taken = calls / 30;
      schedule = schedule.withGranted(schedule.granted() + taken).rebuilt("v", at(second));
    }
    return schedule.withGranted(granted);
  }

  private static void assertNoWindowHoldsMore(List<Instant> grants, int limit) {
    assertThat(
            IntStream.range(limit, grants.size())
                .filter(i -> grants.get(i).isBefore(grants.get(i - limit).plus(MINUTE))))
        .isEmpty();
  }

  private static List<Instant> next(GrantSchedule schedule, int count) {
    return LongStream.range(schedule.granted(), schedule.granted() + count)
        .mapToObj(schedule::time)
        .toList();
  }

  private static Instant at(int seconds) {
    return T.plusSeconds(seconds);
  }
}
