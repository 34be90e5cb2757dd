package dev.signrelay.testing;

import dev.signrelay.secret.Secret;
import dev.signrelay.secret.SecretUnavailableException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A fixed value, which a test makes unavailable.
 *
 * @param isKnown asked at each use
 */
public record FakeSecret<T>(T value, BooleanSupplier isKnown) implements Secret<T> {

  @Override
  public T get(Duration limit) {
    if (!isKnown.getAsBoolean()) {
      throw new SecretUnavailableException("the secret is unknown", null);
    }
    return value;
  }

  @Override
  public void refused(T refused) {}
}
