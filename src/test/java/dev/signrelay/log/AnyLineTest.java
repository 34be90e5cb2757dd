package dev.signrelay.log;

import static dev.signrelay.hostile.HostileText.CASES;

import dev.signrelay.hostile.HostileText;
import dev.signrelay.hostile.Written;
import dev.signrelay.log.LogEvent.Level;
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
    Written.isOneLineEach(
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
