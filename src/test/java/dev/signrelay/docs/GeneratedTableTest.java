package dev.signrelay.docs;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.app.Config;
import dev.signrelay.app.Setting;
import dev.signrelay.local.Template;
import dev.signrelay.testing.AllLogEvents;
import dev.signrelay.testing.TemplateMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

final class GeneratedTableTest {

  /** Those that the template sets to their defaults have no parameter. */
  private static final List<Setting.Bounded> NUMBERS =
      Config.settings().stream()
          .filter(Setting.Bounded.class::isInstance)
          .map(Setting.Bounded.class::cast)
          .filter(setting -> !setting.name().matches("(RETRY|CALLBACK)_MAX_DELAY_SECONDS"))
          .toList();

  static List<GeneratedTable> tables() {
    return GeneratedTable.all();
  }

  /** {@code TemplateTest} compares the defaults. */
  @ParameterizedTest
  @FieldSource("NUMBERS")
  void aParameterHasTheBoundsOfItsSetting(Setting.Bounded setting) {
    Map<String, Object> parameter =
        map(SettingsTables.templateParameters().get(SettingsTables.parameterOf(setting)));
    if (parameter.get("AllowedValues") instanceof List<?> allowed) {
      assertThat(allowed.getFirst()).isEqualTo(setting.min());
      assertThat(allowed.getLast()).isEqualTo(setting.max());
    } else {
      assertThat(parameter.get("MinValue")).hasToString(setting.min());
      assertThat(parameter.get("MaxValue")).hasToString(setting.max());
    }
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("tables")
  void thePageHasTheTableOfTheCodeAndTheTemplate(GeneratedTable table) throws IOException {
    String page = Files.readString(table.page());

    assertThat(page).as("mvn test-compile exec:exec@tables writes it").isEqualTo(table.in(page));
  }

  @Test
  void theLimitsOfRequestsInTheReadmeAreThoseOfTheTable() throws IOException {
    Map<String, List<String>> limits = LimitsTables.limits().cells();

    assertThat(Files.readString(Path.of("README.md")))
        .contains("`message`: " + limits.get("message").getFirst())
        .contains("at most " + limits.get("callback_url").getFirst())
        .contains("port " + SettingsTables.defaultPorts());
  }

  /** A metric is billed for each function that sends it, and for each alarm that watches it. */
  @Test
  void theCostsStateTheNumbersOfMetrics() throws IOException {
    var template = new TemplateMetrics(Template.read());
    int sent =
        AllLogEvents.ofAllFunctions().stream().mapToInt(lines -> lines.metrics().size()).sum();
    int watched = template.alarms().stream().mapToInt(a -> template.watchedBy(a).size()).sum();

    assertThat(Files.readString(Path.of("docs/cost.md")))
        .contains("There are %d, which".formatted(sent))
        .contains("alarms watch %d metrics".formatted(watched));
  }

  @Test
  void cellsAreReplacedAndProseIsKept() {
    var table =
        new GeneratedTable(
            Path.of("page"),
            "| a | b | c |",
            Map.of("x", List.of("1"), "y", List.of("1"), "z", List.of("2")));

    assertThat(
            table.in("| a | b | c |\n|---|---|---|\n| `x`, `y` | 7 | p |\n| z | |\n\n| z | 3 |\n"))
        .isEqualTo("| a | b | c |\n|---|---|---|\n| `x`, `y` | 1 | p |\n| z | 2 |\n\n| z | 3 |\n");
  }
}
