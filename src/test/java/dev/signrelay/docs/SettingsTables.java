package dev.signrelay.docs;

import static dev.signrelay.local.Template.map;

import dev.signrelay.app.Config;
import dev.signrelay.app.Setting;
import dev.signrelay.app.Setting.Bounded;
import dev.signrelay.app.Setting.SecretArn;
import dev.signrelay.app.Setting.Secrets;
import dev.signrelay.app.Setting.Text;
import dev.signrelay.local.Template;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of docs/configuration.md. */
final class SettingsTables {

  private static final Path PAGE = Path.of("docs/configuration.md");
  private static final String NONE = "–";

  /** Parameters of settings, whose names differ. */
  private static final Set<String> OTHER_NAMES =
      Set.of(
          "CryptoClientApiKeySecret",
          "ClientApiKeysSecret",
          "CallbackSigningKeySecret",
          "AllowPlainHttpUpstream");

  private SettingsTables() {}

  static GeneratedTable settings() {
    var rows = new HashMap<String, List<String>>();
    for (Setting setting : Config.settings()) {
      rows.put(
          setting.name(),
          switch (setting) {
            case Text(_, var byDefault, var rule, var required) ->
                List.of(required ? "required" : orNone(byDefault), withCode(rule));
            case Bounded n -> List.of(n.byDefault(), range(n.min(), n.max()));
            case Secrets secrets ->
                List.of(secrets.required() ? "one is required" : NONE, withCode(secrets.rule()));
            case SecretArn arn -> rows.get(arn.name().replaceFirst("_ARN$", ""));
          });
    }
    return new GeneratedTable(PAGE, "| setting | default | bounds | meaning |", rows);
  }

  /** {@code 443 or 8443}. */
  static String defaultPorts() {
    return settings().cells().get("CALLBACK_ALLOWED_PORTS").getFirst().replace(",", " or ");
  }

  /** Those that set no environment variable. */
  static GeneratedTable parameters() {
    var rows = new HashMap<String, List<String>>();
    templateParameters()
        .forEach(
            (name, value) -> {
              Map<String, Object> parameter = map(value);
              String byDefault = parameter.getOrDefault("Default", "").toString();
              rows.put(name, List.of(orNone(byDefault), bounds(parameter)));
            });
    rows.keySet().removeAll(OTHER_NAMES);
    Config.settings().forEach(setting -> rows.remove(parameterOf(setting)));
    return new GeneratedTable(PAGE, "| parameter | default | bounds | meaning |", rows);
  }

  static Map<String, Object> templateParameters() {
    return map(Template.read().root().get("Parameters"));
  }

  /** {@code RetryMaxAttempts} for {@code RETRY_MAX_ATTEMPTS}. */
  static String parameterOf(Setting setting) {
    return Stream.of(setting.name().split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  private static String bounds(Map<String, Object> parameter) {
    if (parameter.get("AllowedValues") instanceof List<?> allowed) {
      return allowed.size() == 2
          ? allowed.getFirst() + " or " + allowed.getLast()
          : "some from " + range("" + allowed.getFirst(), "" + allowed.getLast());
    }
    return parameter.containsKey("MinValue")
        ? range("" + parameter.get("MinValue"), "" + parameter.get("MaxValue"))
        : "";
  }

  private static String range(String min, String max) {
    return GeneratedTable.text(new BigDecimal(min))
        + " to "
        + GeneratedTable.text(new BigDecimal(max));
  }

  private static String orNone(String byDefault) {
    return byDefault.isEmpty() ? NONE : byDefault;
  }

  /** Marks names, prefixes and patterns as code. */
  private static String withCode(String rule) {
    return rule.replaceAll("[^ ,;]*[_*:][^ ,;]*", "`$0`");
  }
}
