package dev.signrelay.secret;

import java.time.Duration;

/**
 * A secret whose value may change while the process runs. Safe for use by several threads.
 *
 * @param <T> the parsed value
 */
public interface Secret<T> {

  /** A secret that never changes. */
  static <T> Secret<T> fixed(T value) {
    return new Fixed<>(value);
  }

  /**
   * Returns the current value. If it is unknown or has to be read again, reads it first.
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

  /** A secret that never changes. */
  record Fixed<T>(T value) implements Secret<T> {

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
}
