package dev.signrelay.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.signrelay.benchmark.Figure.Beside;
import dev.signrelay.benchmark.Target.AtLeast;
import dev.signrelay.benchmark.Target.AtMost;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class ResultFilesTest {

  private static final Results RESULTS =
      new Results(
          "at noon",
          List.of(
              new Section(
                  "Cold",
                  "A note.",
                  List.of(
                      Figure.of("Floor", 100, "ms"),
                      Figure.of("a & b", 600, "ms")
                          .beside(Beside.ratio("floor", 100))
                          .promised(new AtMost(12)))),
              new Section(
                  "Jobs",
                  "",
                  List.of(Figure.of("Done", 250, "jobs/s").promised(new AtLeast(500))))));

  private static final ResultFiles FILES = new ResultFiles(RESULTS);

  @Test
  void markdownHasATableForEachSection() {
    assertThat(FILES.markdown())
        .isEqualTo(
            """
            1 of 2 targets are met. Measured at noon.

            ### Cold

            A note.

            | | measured | beside | makes | target | met |
            |---|--:|---|--:|--:|---|
            | Floor | 100 ms | | | | |
            | a & b | 600 ms | 100 ms, floor | 6x | ≤ 12x | yes |

            ### Jobs

            | | measured | beside | makes | target | met |
            |---|--:|---|--:|--:|---|
            | Done | 250 jobs/s | | | ≥ 500 jobs/s | no |
            """);
  }

  @Test
  void theConsoleHasTheSameInColumns() {
    assertThat(new TextTable(RESULTS.sections().getLast()).aligned())
        .isEqualTo(
            """

            Jobs
                      measured  beside  makes  target        met
              Done  250 jobs/s                 ≥ 500 jobs/s  no
            """);
  }

  @Test
  void jsonHasTheNumbersAndTheVerdicts() throws IOException {
    JsonNode cold = new ObjectMapper().readTree(FILES.json()).at("/sections/0/figures");

    assertThat(cold.get(0).has("met")).isFalse();
    assertThat(cold.get(1).get("value").asDouble()).isEqualTo(600);
    assertThat(cold.get(1).get("ratio").asDouble()).isEqualTo(6);
    assertThat(cold.get(1).get("met").asBoolean()).isTrue();
  }

  @Test
  void aBarIsAsLongAsTheShareOfTheTargetThatIsUsed() throws Exception {
    var svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new ByteArrayInputStream(
                    new Chart(RESULTS.sections()).svg().getBytes(StandardCharsets.UTF_8)));
    NodeList bars = svg.getElementsByTagName("rect");
    Element target = (Element) svg.getElementsByTagName("line").item(0);
    Element half = (Element) bars.item(0);
    Element tooLong = (Element) bars.item(1);

    assertThat(bars.getLength()).isEqualTo(2);
    int full = number(target, "x1") - number(half, "x");
    assertThat(number(half, "width")).isEqualTo(full / 2);
    assertThat(half.getAttribute("class")).isEqualTo("met");
    assertThat(number(tooLong, "width")).isGreaterThan(full);
    assertThat(tooLong.getAttribute("class")).isEqualTo("missed");
  }

  private static int number(Element element, String attribute) {
    return Integer.parseInt(element.getAttribute(attribute));
  }

  @Test
  void thePageKeepsAllButItsResults(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("performance.md");
    Files.writeString(page, "before\n<!-- results -->\nold\n<!-- end of results -->\nafter\n");

    FILES.writeDocs(folder);
    FILES.writeDocs(folder);

    assertThat(page)
        .content()
        .isEqualTo(
            "before\n<!-- results -->\n\n"
                + FILES.markdown()
                + "\n<!-- end of results -->\nafter\n");
    assertThat(folder.resolve("performance.svg")).content().startsWith("<svg");
  }

  @Test
  void aPageWithoutMarksIsLeftAlone(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("performance.md");
    Files.writeString(page, "before\n");

    assertThatIllegalStateException().isThrownBy(() -> FILES.writeDocs(folder));
    assertThat(page).content().isEqualTo("before\n");
  }
}
