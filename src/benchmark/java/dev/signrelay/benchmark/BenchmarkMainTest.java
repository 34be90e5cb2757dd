package dev.signrelay.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.Writer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BenchmarkMainTest {

  private final BenchmarkMain main = new BenchmarkMain();

  @Test
  void anExplicitNumberOverridesTheOneOfAQuickRun() {
    BenchmarkMain.commandLine(main).parseArgs("--rounds", "7", "--quick", "--only", "cold,jobs");

    assertThat(main.rounds()).isEqualTo(7);
    assertThat(main.requests()).isEqualTo(300);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--round 7", "--rounds", "--rounds 0", "--rounds many", "--only colt"})
  void invalidOptionsAreRejectedBeforeAnythingIsMeasured(String line) {
    var commandLine = BenchmarkMain.commandLine(main);
    commandLine.setErr(new PrintWriter(Writer.nullWriter()));

    assertThat(commandLine.execute(line.split(" "))).isEqualTo(2);
  }
}
