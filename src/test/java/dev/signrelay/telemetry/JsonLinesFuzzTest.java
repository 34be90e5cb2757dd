package dev.signrelay.telemetry;

import static dev.signrelay.testing.Fuzz.FUNCTION_CASES;

import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.LogAssertions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No value breaks out of its log line. */
public final class JsonLinesFuzzTest {

  private static final int LINES = 10;

  @Test
  void anyValuesStayInTheirLines() {
    Fuzz.check(
        FUNCTION_CASES / LINES,
        in -> in.listOf(LINES, () -> HostileText.any(in)),
        JsonLinesFuzzTest::check);
  }

  /** Each text is written as one line. */
  public static void check(List<String> texts) {
    LogAssertions.isOneLineEach(
        texts.stream()
            .map(
                text ->
                    LogEvent.of(Level.INFO, text)
                        .with("id", text)
                        .with("error", text)
                        .counted(Metric.REQUESTS))
            .toList());
  }
}
