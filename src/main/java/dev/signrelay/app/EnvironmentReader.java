package dev.signrelay.app;

import dev.signrelay.app.Setting.Flag;
import dev.signrelay.app.Setting.Items;
import dev.signrelay.app.Setting.Seconds;
import dev.signrelay.app.Setting.Secrets;
import dev.signrelay.app.Setting.Text;
import dev.signrelay.app.Setting.Url;
import dev.signrelay.app.Setting.WholeNumber;
import dev.signrelay.destination.AllowedPorts;
import dev.signrelay.destination.DestinationRules;
import dev.signrelay.secret.SecretSource;
import dev.signrelay.secret.SecretSource.Managed;
import dev.signrelay.secret.SecretSource.Plain;
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
 * Reads settings one by one and collects their errors. An invalid setting is read as its default or
 * a placeholder; {@link #throwIfInvalid} reports all errors together before any value is used.
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

  URI read(Url setting) {
    declared.add(setting);
    String value = required(setting.name());
    if (value.isEmpty()) {
      return PLACEHOLDER;
    }
    try {
      URI url = new URI(value);
      if (isServer(url)) {
        return url;
      }
    } catch (URISyntaxException _) {
      // The same error as for every other unusable URL.
    }
    errors.add(setting.name() + " must be an http or https URL without user, query and fragment");
    return PLACEHOLDER;
  }

  private static boolean isServer(URI url) {
    return ("http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme()))
        && url.getHost() != null
        && (url.getPort() == -1 || AllowedPorts.isPort(url.getPort()))
        && !DestinationRules.hasUser(url)
        && url.getRawQuery() == null
        && url.getRawFragment() == null;
  }

  String read(Text setting) {
    declared.add(setting);
    return setting.required() ? required(setting.name()) : value(setting.name());
  }

  Duration read(Seconds setting) {
    declared.add(setting);
    BigDecimal seconds =
        number(
            setting.name(),
            "\\d{1,9}(\\.\\d{1,9})?",
            setting.byDefault(),
            setting.min(),
            setting.max(),
            "%s must be from %s to %s seconds");
    return Duration.ofNanos(seconds.movePointRight(9).longValue());
  }

  int read(WholeNumber setting) {
    declared.add(setting);
    return number(
            setting.name(),
            "\\d{1,9}(\\.0{1,9})?",
            Integer.toString(setting.byDefault()),
            Integer.toString(setting.min()),
            Integer.toString(setting.max()),
            "%s must be a whole number from %s to %s")
        .intValue();
  }

  Duration readSeconds(WholeNumber setting) {
    return Duration.ofSeconds(read(setting));
  }

  boolean read(Flag setting) {
    declared.add(setting);
    return switch (value(setting.name())) {
      case "" -> setting.byDefault();
      case "true" -> true;
      case "false" -> false;
      default -> {
        errors.add(setting.name() + " must be true or false");
        yield setting.byDefault();
      }
    };
  }

  /**
   * @param parse throws an IllegalArgumentException if the value breaks the rule
   */
  <T> T read(Items setting, Function<String, T> parse) {
    declared.add(setting);
    String value = value(setting.name());
    try {
      return parse.apply(value.isEmpty() ? setting.byDefault() : value);
    } catch (IllegalArgumentException _) {
      errors.add(setting.name() + " must be " + setting.rule());
      return parse.apply(setting.byDefault());
    }
  }

  /**
   * Reads a secret, or its ARN. A blank secret is an error here, unlike other settings, because it
   * is probably a mistake.
   *
   * @param parse returns empty if the value breaks the rule; the error omits the value
   * @param unset the value if neither variable is set, or if they are invalid
   */
  <T> SecretSource<T> read(Secrets setting, Function<String, Optional<T>> parse, T unset) {
    declared.add(setting);
    declared.add(setting.arn());
    String arnName = setting.arn().name();
    String arn = value(arnName);
    String value = environment.apply(setting.name());
    if (value == null || value.isEmpty()) {
      require(
          !setting.required() || !arn.isEmpty(),
          setting.name() + " or " + arnName + " is required");
      require(arn.matches(SECRET_ARN), arnName + " must be the ARN of a secret");
      return arn.isEmpty()
          ? new Plain<>(unset)
          : new Managed<>(arnName, arn, setting.rule(), parse);
    }
    require(arn.isEmpty(), setting.name() + " and " + arnName + " must not both be set");
    Optional<T> parsed = parse.apply(value);
    require(parsed.isPresent(), setting.name() + " must be " + setting.rule());
    return new Plain<>(parsed.orElse(unset));
  }

  /** All settings that were read, in this order. */
  List<Setting> settings() {
    return List.copyOf(declared);
  }

  /** Adds an error if a rule is broken. */
  void require(boolean holds, String rule) {
    if (!holds) {
      errors.add(rule);
    }
  }

  /**
   * @throws IllegalStateException with all errors, if there are any
   */
  void throwIfInvalid() {
    if (!errors.isEmpty()) {
      throw new IllegalStateException("Invalid configuration: " + String.join("; ", errors));
    }
  }

  private BigDecimal number(
      String name, String format, String byDefault, String min, String max, String rule) {
    String value = value(name).isEmpty() ? byDefault : value(name);
    if (value.matches(format)) {
      var number = new BigDecimal(value);
      if (number.compareTo(new BigDecimal(min)) >= 0
          && number.compareTo(new BigDecimal(max)) <= 0) {
        return number;
      }
    }
    errors.add(rule.formatted(name, separated(min), separated(max)));
    return new BigDecimal(byDefault);
  }

  /** A setting of an earlier version, which must not be ignored. */
  void refuse(String former, String present) {
    require(value(former).isEmpty(), former + " has been replaced by " + present);
  }

  private static String separated(String number) {
    return new DecimalFormat("#,##0.#", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(new BigDecimal(number));
  }

  private String required(String name) {
    String value = value(name);
    require(!value.isEmpty(), name + " is required");
    return value;
  }

  private String value(String name) {
    String value = environment.apply(name);
    return value == null ? "" : value.strip();
  }
}
