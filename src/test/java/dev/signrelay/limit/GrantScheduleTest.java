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

final class GrantScheduleTest {

  private static final Instant T = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration MINUTE = Duration.ofSeconds(60);

  /** A schedule with slots 0, 10 and 10 s after T. */
  private static final GrantSchedule THREE =
      new GrantSchedule("three", MINUTE, List.of(T, at(10), at(10)), 0);

  @Test
  void eachSlotHasOneGrantPerPeriod() {
    assertThat(LongStream.range(0, 7).mapToObj(THREE::time))
        .containsExactly(T, at(10), at(10), at(60), at(70), at(70), at(120));
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
  void anIdleScheduleHasAGrantPerSlotNowAndTheNextAfterAPeriod() {
    GrantSchedule idle = GrantSchedule.idle("v", MINUTE, 3, T);

    assertThat(LongStream.range(0, 4).mapToObj(idle::time)).containsExactly(T, T, T, at(60));
  }

  @Test
  void aRebuildMovesOnlyPastSlotsToNow() {
    GrantSchedule rebuilt = THREE.withGranted(2).rebuilt("next", at(65));

    assertThat(rebuilt)
        .isEqualTo(new GrantSchedule("next", MINUTE, List.of(at(65), at(65), at(70)), 0));
  }

  @Test
  void aRebuildKeepsThePeriodOfEverySlot() {
    GrantSchedule rebuilt = THREE.withGranted(2).rebuilt("next", at(11));

    assertThat(rebuilt.slots()).containsExactly(at(11), at(60), at(70));
  }

  @Test
  void aRebuildByAClockThatIsBehindDoesNotMakeTheNextGrantEarlier() {
    GrantSchedule schedule = THREE.withGranted(8);

    assertThat(schedule.rebuilt("next", at(-100)).next()).isEqualTo(schedule.next());
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "4", "1000"})
  void aChangedLimitBeginsWhenAllOldSlotsAreFree(int calls) {
    GrantSchedule changed = THREE.withGranted(7).changed("next", Duration.ofSeconds(5), calls, T);

    assertThat(changed)
        .isEqualTo(GrantSchedule.idle("next", Duration.ofSeconds(5), calls, at(180)));
    assertThat(changed.isFor(calls, Duration.ofSeconds(5))).isTrue();
    assertThat(changed.isFor(calls + 1, Duration.ofSeconds(5))).isFalse();
    assertThat(changed.isFor(calls, MINUTE)).isFalse();
  }

  @Test
  void aChangedLimitOfAnIdleScheduleBeginsNow() {
    assertThat(THREE.withGranted(3).changed("next", MINUTE, 1, at(500)).next()).isEqualTo(at(500));
  }

  @Test
  void aGrantHasAUniqueIdAndExpiresAfterTheTolerance() {
    Grant grant = THREE.withGranted(4).lastGrant(Duration.ofSeconds(1));

    assertThat(grant).isEqualTo(new Grant("three/3", at(60), at(61)));
    assertThat(grant.isExpired(at(61).minusNanos(1))).isFalse();
    assertThat(grant.isExpired(at(61))).isTrue();
  }

  @Test
  void invalidSlotsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> with(List.of(at(1), T)));
    assertThatIllegalArgumentException().isThrownBy(() -> with(List.of(T, at(61))));
    assertThatIllegalArgumentException().isThrownBy(() -> with(List.of()));
  }

  private static GrantSchedule with(List<Instant> slots) {
    return new GrantSchedule("v", MINUTE, slots, 0);
  }

  private static Instant at(int seconds) {
    return T.plusSeconds(seconds);
  }
}
