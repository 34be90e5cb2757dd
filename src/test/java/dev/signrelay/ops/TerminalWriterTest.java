package dev.signrelay.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.SeededInput;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No text of a client controls the operator's terminal or adds a line. */
final class TerminalWriterTest {

  private final StringWriter terminal = new StringWriter();
  private final TerminalWriter writer = new TerminalWriter(new PrintWriter(terminal));

  @Test
  void whatHasAnEffectOnATerminalIsEscaped() {
    writer.println("\u001b[2K \u009b31m \u009d0;x\u0007 \u202e \u2028 \ud800 \udb40\udc01");
    writer.println("\t \r \n é 🌍");

    assertThat(terminal)
        .hasToString(
            "\\u001b[2K \\u009b31m \\u009d0;x\\u0007 \\u202e \\u2028 \\ud800 \\udb40\\udc01\n"
                + "\\u0009 \\u000d \\u000a é 🌍\n");
  }

  @Test
  void aQuestionIsPrintedAsItIs() {
    writer.print("Delete? Type yes: \u009b");
    writer.flush();

    assertThat(terminal).hasToString("Delete? Type yes: \\u009b");
  }

  @Test
  void aCellOfATableAddsNoRow() {
    assertThat(Texts.table(List.of(List.of("a\nforged", "b\tc"))))
        .containsExactly("a\\u000aforged  b\\u0009c");
  }

  @Test
  void anyTextIsOneLine() {
    for (int seed = 0; seed < 1_000; seed++) {
      writer.println(HostileText.any(new SeededInput(seed)));
    }

    assertThat(terminal.toString().lines()).hasSize(1_000);
    assertThat(terminal.toString()).doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\n]]");
  }
}
