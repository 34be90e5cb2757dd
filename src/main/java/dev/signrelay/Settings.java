package dev.signrelay;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads settings one by one and collects what is wrong with them, to be told all at once. */
final class Settings {

  private static final URI NOWHERE = URI.create("http://invalid.invalid");

  private final UnaryOperator<@Nullable String> environment;
  private final List<String> mistakes = new ArrayList<>();

  Settings(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  /** An absolute http or https URL without user, query and fragment. */
  URI httpUrl(String name) {
    String value = required(name);
    if (value.isEmpty()) {
      return NOWHERE;
    }
    try {
      URI url = new URI(value);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (http
          && url.getHost() != null
          && (url.getPort() == -1 || url.getPort() >= 1 && url.getPort() <= 65_535)
          && url.getRawUserInfo() == null
          && url.getRawQuery() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (URISyntaxException _) {
      // told below, like every other URL that cannot be used
    }
    mistakes.add(name + " must be an http or https URL without user, query and fragment");
    return NOWHERE;
  }

  /** A secret that is sent as a header: visible ASCII (RFC 9110, 5.5), spaces inside allowed. */
  String headerValue(String name) {
    String value = required(name);
    if (!value.isEmpty() && !value.matches("[ -~]+")) {
      mistakes.add(name + " must be visible ASCII");
    }
    return value;
  }

  Duration seconds(String name, String byDefault, String min, String max) {
    BigDecimal value = number(name, byDefault, min, max, "seconds ");
    return Duration.ofNanos(value.movePointRight(9).longValue());
  }

  int integer(String name, int byDefault, int min, int max) {
    String fallback = Integer.toString(byDefault);
    BigDecimal value =
        number(name, fallback, Integer.toString(min), Integer.toString(max), "a whole number ");
    if (value.stripTrailingZeros().scale() > 0) {
      mistakes.add(name + " must be a whole number");
    }
    return value.intValue();
  }

  boolean bool(String name, boolean byDefault) {
    return switch (value(name)) {
      case "" -> byDefault;
      case "true" -> true;
      case "false" -> false;
      default -> {
        mistakes.add(name + " must be true or false");
        yield byDefault;
      }
    };
  }

  /** A value whose own type reads it, or throws an IllegalArgumentException. */
  <T> T parsed(String name, String byDefault, String rule, Function<String, T> read) {
    String value = value(name);
    try {
      return read.apply(value.isEmpty() ? byDefault : value);
    } catch (IllegalArgumentException _) {
      mistakes.add(name + " must be " + rule);
      return read.apply(byDefault);
    }
  }

  /**
   * A secret, or several, that a type of their own reads. Unlike other settings it is not skipped
   * when it is blank: a secret that somebody meant to give must not be missing in silence.
   *
   * @param parse empty if the value breaks the rule
   * @param unset if the variable is missing or empty
   * @param rule which the value is told to follow; the value is not told
   */
  <T> T secrets(String name, Function<String, Optional<T>> parse, T unset, String rule) {
    String value = environment.apply(name);
    if (value == null || value.isEmpty()) {
      return unset;
    }
    Optional<T> parsed = parse.apply(value);
    require(parsed.isPresent(), name + " must be " + rule);
    return parsed.orElse(unset);
  }

  void require(boolean holds, String rule) {
    if (!holds) {
      mistakes.add(rule);
    }
  }

  void throwIfInvalid() {
    if (!mistakes.isEmpty()) {
      throw new IllegalStateException(
          "Set these environment variables right: " + String.join("; ", mistakes));
    }
  }

  private BigDecimal number(String name, String byDefault, String min, String max, String unit) {
    String value = value(name).isEmpty() ? byDefault : value(name);
    if (value.matches("\\d{1,9}(\\.\\d{1,9})?")) {
      var number = new BigDecimal(value);
      if (number.compareTo(new BigDecimal(min)) >= 0
          && number.compareTo(new BigDecimal(max)) <= 0) {
        return number;
      }
    }
    mistakes.add("%s must be %sfrom %s to %s".formatted(name, unit, min, max));
    return new BigDecimal(byDefault);
  }

  /** Any text but an empty one. */
  String required(String name) {
    String value = value(name);
    if (value.isEmpty()) {
      mistakes.add(name + " is required");
    }
    return value;
  }

  private String value(String name) {
    String value = environment.apply(name);
    return value == null ? "" : value.strip();
  }
}
