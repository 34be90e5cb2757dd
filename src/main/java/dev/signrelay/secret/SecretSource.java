package dev.signrelay.secret;

import java.util.Optional;
import java.util.function.Function;

/**
 * Where a secret's value is: {@link Plain} in a setting, or {@link Managed} by Secrets Manager.
 *
 * @param <T> the parsed value
 */
public sealed interface SecretSource<T> {

  /** The value itself. */
  record Plain<T>(T value) implements SecretSource<T> {

    /** Omits the value. */
    @Override
    public String toString() {
      return "Plain";
    }
  }

  /**
   * The ARN of a secret, whose value is a text.
   *
   * @param setting the name of the setting that has the ARN, for errors
   * @param rule the format, worded to follow "must be"
   * @param parse returns empty if the text breaks the rule
   */
  record Managed<T>(String setting, String arn, String rule, Function<String, Optional<T>> parse)
      implements SecretSource<T> {}
}
