package dev.signrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.deployment.TemplateMetrics;
import dev.signrelay.local.Template;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.AllLogEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of metrics and of alarms in docs/operations.md are complete and right. */
final class MetricsTableTest {

  private static final Pattern NAME = Pattern.compile("`([A-Za-z]+)`");

  @Test
  void theTableOfMetricsIsWhatTheFunctionsSend() throws IOException {
    Set<Metric> signs = AllLogEvents.ofSignFunction().metrics();
    Set<Metric> retries = AllLogEvents.ofRetryFunction().metrics();
    List<String> sent =
        Stream.of(Metric.values())
            .map(
                metric ->
                    "%s in %s of %s"
                        .formatted(
                            metric.title(),
                            metric.unit().title(),
                            !retries.contains(metric)
                                ? "Sign"
                                : signs.contains(metric) ? "both" : "Retry"))
            .toList();

    assertThat(
            rows("| metric | unit | function | meaning |")
                .flatMap(
                    row ->
                        names(row[1])
                            .map(name -> name + " in " + row[2].strip() + " of " + row[3].strip())))
        .containsExactlyInAnyOrderElementsOf(sent);
  }

  @Test
  void theTableOfAlarmsNamesEachAlarm() throws IOException {
    assertThat(rows("| alarm | condition | what to do |").flatMap(row -> names(row[1])))
        .containsExactlyElementsOf(new TemplateMetrics(Template.read()).alarms());
  }

  /** Each name is billed for each function that sends it, and again for each alarm on it. */
  @Test
  void whatMetricsCostIsCountedRight() throws IOException {
    int sent =
        AllLogEvents.ofBothFunctions().stream().mapToInt(lines -> lines.metrics().size()).sum();
    var metrics = new TemplateMetrics(Template.read());
    int watched = metrics.alarms().stream().mapToInt(a -> metrics.watchedBy(a).size()).sum();

    assertThat(Files.readString(Path.of("docs/cost.md")))
        .contains("There are %d, which".formatted(sent))
        .contains("alarms watch %d metrics".formatted(watched));
  }

  private static Stream<String> names(String cell) {
    return NAME.matcher(cell).results().map(name -> name.group(1));
  }

  /** The rows below a header, each split at its bars, the first cell at 1. */
  private static Stream<String[]> rows(String header) throws IOException {
    return Files.readAllLines(Path.of("docs/operations.md")).stream()
        .dropWhile(line -> !line.equals(header))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split("\\|"));
  }
}
