package dev.signrelay.client;

import static dev.signrelay.testing.Fuzz.FUNCTION_CASES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Fuzz;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Places are counted until they end, whichever are taken. */
public final class PlacesTakenFuzzTest {

  private static final long MINUTE = 29_923_920;
  private static final Instant NOW = Instant.ofEpochSecond(MINUTE * 60);

  @Test
  void anyPlacesAreCountedUntilTheyEnd() {
    Fuzz.check(
        FUNCTION_CASES,
        in ->
            in.list(5, () -> in.between(-90, 900_000) + " " + in.between(-2, 3)).stream()
                .collect(Collectors.joining("\n")),
        PlacesTakenFuzzTest::check);
  }

  /**
   * Places are counted until they end.
   *
   * @param text a line for each taking of places, with a wait in seconds and their number
   */
  public static void check(String text) {
    var byMinute = new HashMap<Long, Long>();
    for (String line : text.split("\n")) {
      if (line.matches("-?[0-9]{1,6} -?[0-9]{1,6}")) {
        String[] taken = line.split(" ");
        var wait = Duration.ofSeconds(Long.parseLong(taken[0]));
        byMinute.merge(
            wait.isNegative() ? MINUTE + wait.toMinutes() : PlacesTaken.endOf(wait, NOW),
            Long.parseLong(taken[1]),
            Long::sum);
      }
    }
    countUntilTheyEnd(new PlacesTaken(byMinute));
  }

  private static void countUntilTheyEnd(PlacesTaken taken) {
    Instant now = NOW;
    long left = taken.count(now);
    while (left > 0) {
      Duration next = taken.nextEnd(now);
      assertThat(next).isPositive();
      assertThat(taken.count(now.plus(next).minusNanos(1))).isEqualTo(left);
      now = now.plus(next);
      assertThat(taken.count(now)).isNotNegative().isLessThan(left);
      left = taken.count(now);
    }
    assertThat(taken.nextEnd(now)).isEqualTo(Duration.ofMinutes(1));
  }
}
