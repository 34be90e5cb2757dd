package dev.signrelay.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.signrelay.benchmark.Results.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultsTest {

  private static final String TARGETS =
      """
      | | measured | comparison | target |
      |---|--:|--:|--:|
      | Floor | 100 ms | | |
      | Sign | 600 ms | 6x floor | ≤ 12x |
      """;

  private static final Results RESULTS =
      new Results(
          "at noon",
          new EnumMap<>(
              Map.of(
                  Table.TARGETS,
                  List.of(
                      Figure.of("Floor", 100, "ms"),
                      Figure.of("Sign", 600, "ms").ratioTo("floor", 100).atMost(12.0)),
                  Table.COST,
                  List.of(Figure.of("Requests", 2, "").atMost(1.0)))));

  @TempDir private Path folder;

  @Test
  void markdownHasATableForEachSubjectAndSaysHowManyTargetsAreMet() {
    assertThat(RESULTS.markdown().replaceAll(" +", " "))
        .isEqualTo(
            TARGETS
                + """

                | | measured | comparison | target |
                |---|--:|--:|--:|
                | Requests | 2 | | ≤ 1, missed |

                1 of 2 targets are met. Measured at noon.
                """);
  }

  @Test
  void onlyTheNamedTablesOfThePageAreReplaced() throws IOException {
    Path page = folder.resolve("performance.md");
    String other = "\nafter\n<!-- cost -->\nold\n<!-- end of cost -->\n";
    Files.writeString(page, "before\n<!-- targets -->\nold $1\n<!-- end of targets -->" + other);

    RESULTS.writeDocs(page, Set.of(Table.TARGETS));
    RESULTS.writeDocs(page, Set.of(Table.TARGETS));

    assertThat(Files.readString(page).replaceAll(" +", " "))
        .isEqualTo(
            "before\n<!-- targets -->\n\n"
                + TARGETS
                + "\nMeasured at noon.\n\n<!-- end of targets -->"
                + other);
  }

  @Test
  void aPageWithoutMarkersIsNotChanged() throws IOException {
    Path page = Files.writeString(folder.resolve("performance.md"), "before\n");

    assertThatIllegalStateException().isThrownBy(() -> RESULTS.writeDocs(page, Set.of(Table.COST)));
    assertThat(page).content().isEqualTo("before\n");
  }
}
