package dev.signrelay.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.LocalSystem.Ports;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@ResourceLock(value = Resources.SYSTEM_OUT, mode = ResourceAccessMode.READ)
final class LocalOptionsTest {

  private static final class Options extends LocalOptions {

    @Override
    public Integer call() {
      check();
      return 0;
    }
  }

  private final Options options = new Options();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void theDefaultsAreThoseOfTheDocumentation() {
    assertThat(run()).isZero();
    assertThat(options.ports()).isEqualTo(new Ports(3000, 3100, 3200, 9324, 8000));
    assertThat(options.bind).isEqualTo("127.0.0.1");
    assertThat(options.signerLimit).isEqualTo(10);
    assertThat(options.failingSeconds).isEqualTo(15);
  }

  @Test
  void theHelpNamesTheDefaults() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("--port", "3000", "3100", "3200", "9324", "8000");
  }

  @ParameterizedTest
  @CsvSource({
    "--prot=1, --help",
    "-Dlocal.arg=--port=1, --help",
    "--port, --port",
    "--port=many, --port",
    "--port=65536, from 0 to 65",
    "--signer-limit=-1, from 0 to 1",
    "--verbose, --help",
    "extra, --help",
  })
  void aMistakeIsExplainedInAFewLines(String argument, String remedy) {
    assertThat(run(argument)).isEqualTo(2);
    assertThat(err.toString()).contains(remedy).contains("see ./local --help");
    assertThat(err.toString().lines()).hasSizeLessThanOrEqualTo(3);
  }

  private int run(String... arguments) {
    CommandLine line = LocalOptions.commandLine(options);
    return line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
  }
}
