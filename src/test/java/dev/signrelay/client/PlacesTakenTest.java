package dev.signrelay.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlacesTakenTest {

  private static final long MINUTE = 29_926_144;
  private static final Instant NOW = Instant.ofEpochSecond(MINUTE * 60);

  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "59, 1",
    "60, 2",
    "61, 2",
    "899, 15",
    "900, 16",
    "960, 18", // 16 minutes: every second minute
    "1920, 36", // 32 minutes: every fourth minute
    "86400, 1536", // a day: every 128th minute
  })
  void aPlaceEndsAfterItsWaitByAtMostAnEighthOrAMinute(long seconds, long minutes) {
    assertThat(PlacesTaken.endOf(Duration.ofSeconds(seconds), NOW) - MINUTE).isEqualTo(minutes);
  }

  @Test
  void noPlaceEndsBeforeItsWait() {
    for (long seconds = 0; seconds < 100_000; seconds += 7) {
      var wait = Duration.ofSeconds(seconds);
      Instant end = Instant.ofEpochSecond(PlacesTaken.endOf(wait, NOW) * 60);

      assertThat(Duration.between(NOW, end))
          .isGreaterThan(wait)
          .isLessThanOrEqualTo(wait.plus(wait.dividedBy(8)).plusSeconds(120));
    }
  }

  @Test
  void theLongestLineHasAbout100Ends() {
    assertThat(
            LongStream.rangeClosed(0, 950_400)
                .map(s -> PlacesTaken.endOf(Duration.ofSeconds(s), NOW))
                .distinct()
                .count())
        .isBetween(50L, 120L);
  }

  @Test
  void placesCountUntilTheirMinuteBegins() {
    var taken = new PlacesTaken(Map.of(MINUTE, 4L, MINUTE + 1, 3L, MINUTE + 5, 2L));

    assertThat(taken.count(NOW.minusMillis(1))).isEqualTo(9);
    assertThat(taken.count(NOW)).isEqualTo(5);
    assertThat(taken.count(NOW.plusSeconds(60))).isEqualTo(2);
    assertThat(taken.count(NOW.plusSeconds(300))).isZero();
  }

  @Test
  void aPlaceThatWasGivenBackAfterItsMinuteWasRemovedDoesNotCount() {
    assertThat(new PlacesTaken(Map.of(MINUTE + 1, -1L, MINUTE + 2, 2L)).count(NOW)).isEqualTo(2);
  }

  @Test
  void theNextEndIsThatOfTheFirstPlaceThatIsTaken() {
    var taken = new PlacesTaken(Map.of(MINUTE, 4L, MINUTE + 1, 0L, MINUTE + 3, 3L, MINUTE + 5, 2L));

    assertThat(taken.nextEnd(NOW.plusSeconds(10))).isEqualTo(Duration.ofSeconds(170));
    assertThat(new PlacesTaken(Map.of()).nextEnd(NOW)).isEqualTo(Duration.ofSeconds(60));
  }
}
