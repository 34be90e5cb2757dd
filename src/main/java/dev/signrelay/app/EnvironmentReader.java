package dev.signrelay.app;

import dev.signrelay.destination.DestinationRules;
import dev.signrelay.secret.Secret;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings, and collects them and their errors. An invalid setting is read as its default or
 * a placeholder. {@link #throwIfInvalid} reports all errors together; no value may be used before.
 */
final class EnvironmentReader {

  private static final URI PLACEHOLDER = URI.create("https://invalid.invalid");

  /** A complete ARN, with the six characters that Secrets Manager adds; or empty. */
  private static final String SECRET_ARN =
      "(arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6})?";

  private final UnaryOperator<@Nullable String> environment;
  private final List<Setting> declared = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();

  EnvironmentReader(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  URI url(String name) {
    String value = text(name, "a URL", true);
    if (value.isEmpty()) {
      return PLACEHOLDER;
    }
    try {
      URI url = new URI(value);
      if (isServer(url)) {
        return url;
      }
    } catch (URISyntaxException _) {
      // Reported like any other unusable URL.
    }
    errors.add(name + " must be an http or https URL without user, query and fragment");
    return PLACEHOLDER;
  }

  private static boolean isServer(URI url) {
    return ("http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme()))
        && url.getHost() != null
        && (url.getPort() == -1 || DestinationRules.isPort(url.getPort()))
        && !DestinationRules.hasUser(url)
        && url.getRawQuery() == null
        && url.getRawFragment() == null;
  }

  /** Any text; empty: it is not set. */
  String text(String name, String rule, boolean required) {
    declared.add(new Setting.Text(name, "", rule, required));
    String value = value(name);
    require(!required || !value.isEmpty(), name + " is required");
    return value;
  }

  Duration seconds(String name, String byDefault, String min, String max) {
    BigDecimal seconds = number(new Setting.Bounded(name, byDefault, min, max, false));
    return Duration.ofNanos(seconds.movePointRight(9).longValue());
  }

  Duration wholeSeconds(String name, int byDefault, int min, int max) {
    return Duration.ofSeconds(wholeNumber(name, byDefault, min, max));
  }

  int wholeNumber(String name, int byDefault, int min, int max) {
    return number(new Setting.Bounded(name, "" + byDefault, "" + min, "" + max, true)).intValue();
  }

  private BigDecimal number(Setting.Bounded setting) {
    declared.add(setting);
    String set = value(setting.name());
    String value = set.isEmpty() ? setting.byDefault() : set;
    if (value.matches(setting.isWhole() ? "\\d{1,9}(\\.0{1,9})?" : "\\d{1,9}(\\.\\d{1,9})?")) {
      var number = new BigDecimal(value);
      if (number.compareTo(new BigDecimal(setting.min())) >= 0
          && number.compareTo(new BigDecimal(setting.max())) <= 0) {
        return number;
      }
    }
    errors.add(
        (setting.isWhole()
                ? "%s must be a whole number from %s to %s"
                : "%s must be from %s to %s seconds")
            .formatted(setting.name(), separated(setting.min()), separated(setting.max())));
    return new BigDecimal(setting.byDefault());
  }

  private static String separated(String number) {
    return new DecimalFormat("#,##0.#", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(new BigDecimal(number));
  }

  boolean flag(String name, boolean byDefault) {
    return parsed(name, "" + byDefault, "true or false", EnvironmentReader::parseFlag);
  }

  private static boolean parseFlag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("not a flag");
    };
  }

  /**
   * @param parse throws an IllegalArgumentException if the value breaks the rule
   */
  <T> T parsed(String name, String byDefault, String rule, Function<String, T> parse) {
    declared.add(new Setting.Text(name, byDefault, rule, false));
    String value = value(name);
    try {
      return parse.apply(value.isEmpty() ? byDefault : value);
    } catch (IllegalArgumentException _) {
      errors.add(name + " must be " + rule);
      return parse.apply(byDefault);
    }
  }

  /**
   * Reads a secret, or its ARN. A secret of white space alone is an error, because it is probably a
   * mistake. Other settings of white space alone count as not set.
   *
   * @param required whether the secret or its ARN must be set
   * @param parse returns empty if the value breaks the rule; the error omits the value
   * @param unset the value if neither variable is set, or if they are invalid
   */
  <T> Secret.Source<T> secret(
      String name, String rule, boolean required, Function<String, Optional<T>> parse, T unset) {
    String arnName = name + "_ARN";
    declared.add(new Setting.Secrets(name, rule, required));
    declared.add(new Setting.SecretArn(arnName));
    String arn = value(arnName);
    String value = environment.apply(name);
    if (value == null || value.isEmpty()) {
      require(!required || !arn.isEmpty(), name + " or " + arnName + " is required");
      require(arn.matches(SECRET_ARN), arnName + " must be the ARN of a secret");
      return arn.isEmpty()
          ? new Secret.Fixed<>(unset)
          : new Secret.Managed<>(arnName, arn, rule, parse);
    }
    require(arn.isEmpty(), name + " and " + arnName + " must not both be set");
    Optional<T> parsed = parse.apply(value);
    require(parsed.isPresent(), name + " must be " + rule);
    return new Secret.Fixed<>(parsed.orElse(unset));
  }

  List<Setting> settings() {
    return List.copyOf(declared);
  }

  void require(boolean holds, String rule) {
    if (!holds) {
      errors.add(rule);
    }
  }

  void throwIfInvalid() {
    if (!errors.isEmpty()) {
      throw new IllegalStateException("Invalid configuration: " + String.join("; ", errors));
    }
  }

  /** The variable without surrounding white space; empty: it is not set. */
  String value(String name) {
    String value = environment.apply(name);
    return value == null ? "" : value.strip();
  }
}
