package dev.signrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeadLetterReason.Kind;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of reasons in docs/operations.md lists all reasons. */
final class DeadLetterTableTest {

  @Test
  void everyReasonIsInTheTableAndNoOther() {
    assertThat(
            MarkdownPage.read(Path.of("docs/operations.md"))
                .rows("| `reason` | meaning |")
                .map(cells -> cells.getFirst().replace("`", "")))
        .containsExactlyElementsOf(Stream.of(Kind.values()).map(Kind::code).toList());
  }
}
