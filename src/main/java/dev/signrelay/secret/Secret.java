package dev.signrelay.secret;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * A secret whose value may change while the process runs. Safe for use by several threads.
 *
 * @param <T> the parsed value
 */
public interface Secret<T> {

  /**
   * The current value. If it is unknown or has to be read again, it is read first.
   *
   * @param limit how long a read may take; zero or negative: the value is not read
   * @throws SecretUnavailableException if no value has ever been read
   */
  T get(Duration limit);

  /**
   * Notes that a value was refused. If it is still the current one, the next use reads the secret
   * again.
   */
  void refused(T value);

  /** Where the value of a secret comes from. */
  sealed interface Source<T> {}

  /** A secret that never changes. */
  record Fixed<T>(T value) implements Secret<T>, Source<T> {

    @Override
    public T get(Duration limit) {
      return value;
    }

    @Override
    public void refused(T refused) {}

    /** Omits the value. */
    @Override
    public String toString() {
      return "Fixed";
    }
  }

  /**
   * A text in Secrets Manager.
   *
   * @param setting the name of the setting that has the ARN, for errors
   * @param rule the format, worded to follow "must be"
   * @param parse returns empty if the text breaks the rule
   */
  record Managed<T>(String setting, String arn, String rule, Function<String, Optional<T>> parse)
      implements Source<T> {}
}
