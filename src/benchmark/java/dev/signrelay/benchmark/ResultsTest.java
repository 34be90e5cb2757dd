package dev.signrelay.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.signrelay.benchmark.Results.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultsTest {

  private static final Results RESULTS =
      new Results(
          "at noon",
          List.of(
              new Section(
                  "Cold",
                  "A note.",
                  List.of(
                      Figure.of("Floor", 100, "ms"),
                      Figure.of("Sign", 600, "ms").ratioTo("floor", 100).atMost(12.0))),
              new Section("Jobs", "", List.of(Figure.of("Done", 250, "jobs/s").atLeast(500)))));

  @TempDir private Path folder;

  @Test
  void markdownHasATableForEachSection() {
    assertThat(RESULTS.markdown().replaceAll(" +", " "))
        .isEqualTo(
            """
            1 of 2 targets are met. Measured at noon.

            ### Cold

            A note.

            | | measured | baseline | comparison | target | met (used) |
            |---|--:|---|--:|--:|---|
            | Floor | 100 ms | | | | |
            | Sign | 600 ms | 100 ms, floor | 6x | ≤ 12x | yes (50 %) |

            ### Jobs

            | | measured | baseline | comparison | target | met (used) |
            |---|--:|---|--:|--:|---|
            | Done | 250 jobs/s | | | ≥ 500 jobs/s | no (200 %) |
            """);
  }

  @Test
  void onlyTheResultsOfThePageAreReplaced() throws IOException {
    Path page = folder.resolve("performance.md");
    Files.writeString(page, "before\n<!-- results -->\nold $1\n<!-- end of results -->\nafter\n");

    RESULTS.writeDocs(page);
    RESULTS.writeDocs(page);

    assertThat(page)
        .content()
        .isEqualTo(
            "before\n<!-- results -->\n\n%s\n<!-- end of results -->\nafter\n"
                .formatted(RESULTS.markdown()));
  }

  @Test
  void aPageWithoutMarkersIsNotChanged() throws IOException {
    Path page = Files.writeString(folder.resolve("performance.md"), "before\n");

    assertThatIllegalStateException().isThrownBy(() -> RESULTS.writeDocs(page));
    assertThat(page).content().isEqualTo("before\n");
  }
}
