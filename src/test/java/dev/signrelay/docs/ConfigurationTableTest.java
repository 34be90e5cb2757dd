package dev.signrelay.docs;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.app.Config;
import dev.signrelay.app.Setting;
import dev.signrelay.app.Setting.Flag;
import dev.signrelay.app.Setting.Items;
import dev.signrelay.app.Setting.Seconds;
import dev.signrelay.app.Setting.SecretArn;
import dev.signrelay.app.Setting.Secrets;
import dev.signrelay.app.Setting.Text;
import dev.signrelay.app.Setting.Url;
import dev.signrelay.app.Setting.WholeNumber;
import dev.signrelay.local.Template;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables in docs/configuration.md match the code and the template. */
final class ConfigurationTableTest {

  private static final MarkdownPage PAGE = MarkdownPage.read(Path.of("docs/configuration.md"));
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");

  /** Settings that the template sets to their defaults. */
  private static final Set<String> WITHOUT_PARAMETER =
      Set.of("RETRY_MAX_DELAY_SECONDS", "CALLBACK_MAX_DELAY_SECONDS");

  /** No default. */
  private static final String NONE = "–";

  private static final Map<String, Map<String, Object>> PARAMETERS = parameters();

  private record Row(String name, String byDefault, String bounds) {}

  static List<Setting> settings() {
    return Config.settings();
  }

  @Test
  void everySettingIsInTheTableAndNoOther() {
    assertThat(rows().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Config.settings().stream().map(Setting::name).toList());
  }

  @ParameterizedTest
  @MethodSource("settings")
  void theDefaultIsThatOfTheCode(Setting setting) {
    String byDefault = row(setting.name()).byDefault();

    switch (setting) {
      case Url _ -> assertThat(byDefault).startsWith("required");
      case Text t when t.required() -> assertThat(byDefault).startsWith("required");
      case Text _ -> assertThat(byDefault).isEqualTo(NONE);
      case Seconds s -> assertThat(byDefault).isEqualTo(s.byDefault());
      case WholeNumber n -> assertThat(byDefault).isEqualTo(Integer.toString(n.byDefault()));
      case Flag f -> assertThat(byDefault).isEqualTo(Boolean.toString(f.byDefault()));
      case Items i ->
          assertThat(byDefault).isEqualTo(i.byDefault().isEmpty() ? NONE : i.byDefault());
      case Secrets s when s.required() -> assertThat(byDefault).startsWith("required");
      case Secrets _, SecretArn _ -> assertThat(byDefault).isEqualTo(NONE);
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  void theBoundsAreThoseOfTheCode(Setting setting) {
    String bounds = row(setting.name()).bounds().replaceAll("[`,]", "");

    switch (setting) {
      case Seconds s -> hasBounds(bounds, s.min() + " to " + s.max());
      case WholeNumber n -> hasBounds(bounds, n.min() + " to " + n.max());
      case Items i -> assertThat(bounds).contains(i.rule().replace(",", ""));
      case Secrets s -> assertThat(bounds).contains(s.rule().replace(",", ""));
      case Url _, Text _, Flag _, SecretArn _ -> assertThat(bounds).isNotEmpty();
    }
  }

  /** {@code TemplateTest} compares the defaults. */
  @ParameterizedTest
  @MethodSource("settings")
  void theParameterOfTheTemplateHasTheSameBounds(Setting setting) {
    if (WITHOUT_PARAMETER.contains(setting.name())) {
      assertThat(PARAMETERS).doesNotContainKey(camelCase(setting.name()));
      return;
    }
    Map<String, Object> parameter = PARAMETERS.get(camelCase(setting.name()));
    switch (setting) {
      case Seconds s -> assertBounds(parameter, s.min(), s.max());
      case WholeNumber n -> assertBounds(parameter, "" + n.min(), "" + n.max());
      case Url _, Text _, Flag _, Items _, Secrets _, SecretArn _ -> {}
    }
  }

  private static void assertBounds(Map<String, Object> parameter, String min, String max) {
    if (parameter.get("AllowedValues") instanceof List<?> allowed) {
      assertThat(List.of(allowed.getFirst(), allowed.getLast())).isEqualTo(List.of(min, max));
    } else {
      assertThat(parameter.get("MinValue")).hasToString(min);
      assertThat(parameter.get("MaxValue")).hasToString(max);
    }
  }

  @Test
  void everyParameterIsThatOfASettingOrInTheTableOfParameters() {
    Set<String> described = new TreeSet<>(parameterRows().keySet());
    rows().keySet().forEach(setting -> described.add(camelCase(setting)));
    described.addAll(
        Set.of(
            "CryptoClientApiKeySecret",
            "ClientApiKeysSecret",
            "CallbackSigningKeySecret",
            "AllowPlainHttpUpstream"));

    assertThat(PARAMETERS.keySet()).containsAll(parameterRows().keySet()).isSubsetOf(described);
  }

  static Collection<Row> parameterTable() {
    return parameterRows().values();
  }

  @ParameterizedTest
  @MethodSource("parameterTable")
  void theDefaultAndTheBoundsOfAParameterAreThoseOfTheTemplate(Row row) {
    Map<String, Object> parameter = PARAMETERS.get(row.name());
    String byDefault = parameter.get("Default").toString();

    assertThat(row.byDefault()).isEqualTo(byDefault.isEmpty() ? NONE : byDefault);
    if (parameter.containsKey("MinValue")) {
      hasBounds(
          row.bounds().replace(",", ""),
          parameter.get("MinValue") + " to " + parameter.get("MaxValue"));
    } else if (parameter.get("AllowedValues") instanceof List<?> allowed) {
      assertThat(row.bounds().replace(",", ""))
          .containsPattern(MarkdownPage.number(allowed.getFirst().toString()))
          .containsPattern(MarkdownPage.number(allowed.getLast().toString()));
    }
  }

  private static Map<String, Row> parameterRows() {
    return PAGE.rows("| parameter | default | bounds | meaning |")
        .map(cells -> new Row(cells.getFirst().replace("`", ""), cells.get(1), cells.get(2)))
        .collect(Collectors.toMap(Row::name, row -> row));
  }

  private static void hasBounds(String text, String bounds) {
    assertThat(text).containsPattern(MarkdownPage.number(bounds));
  }

  private static Map<String, Map<String, Object>> parameters() {
    var parameters = new TreeMap<String, Map<String, Object>>();
    map(Template.read().root().get("Parameters"))
        .forEach((name, parameter) -> parameters.put(name, map(parameter)));
    return parameters;
  }

  private static String camelCase(String setting) {
    return Stream.of(setting.split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  private static Row row(String setting) {
    assertThat(rows()).containsKey(setting);
    return rows().get(setting);
  }

  private static Map<String, Row> rows() {
    return PAGE.rows("| setting | default | bounds | meaning |")
        .flatMap(
            cells ->
                NAME.matcher(cells.getFirst())
                    .results()
                    .map(name -> new Row(name.group(1), cells.get(1), cells.get(2))))
        .collect(Collectors.toMap(Row::name, row -> row, (a, b) -> a, TreeMap::new));
  }
}
