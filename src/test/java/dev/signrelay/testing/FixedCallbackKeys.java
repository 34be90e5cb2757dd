package dev.signrelay.testing;

import dev.signrelay.callback.CallbackKeys;
import dev.signrelay.callback.CallbackSigningKeys;
import dev.signrelay.secret.Secret;
import java.time.InstantSource;

/** Keys of callbacks that never change. */
public final class FixedCallbackKeys {

  private FixedCallbackKeys() {}

  /** The same keys for every receiver. */
  public static CallbackKeys of(CallbackSigningKeys keys) {
    return new CallbackKeys(
        new Secret.Fixed<>(keys),
        new Secret.Fixed<>(CallbackSigningKeys.NONE),
        false,
        InstantSource.system());
  }
}
