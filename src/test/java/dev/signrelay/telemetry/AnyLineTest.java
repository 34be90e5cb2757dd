package dev.signrelay.telemetry;

import static dev.signrelay.testing.HostileText.CASES;

import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.LogAssertions;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** No value gets out of its place in its line. */
final class AnyLineTest {

  @Property(edgeCases = EdgeCasesMode.NONE)
  void anyValueStaysInItsLine(@ForAll("texts") List<String> texts) {
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

  @Provide
  Arbitrary<List<String>> texts() {
    return HostileText.any().list().ofSize(CASES);
  }
}
