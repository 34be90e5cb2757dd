package dev.signrelay.testing;

import dev.signrelay.callback.CallbackKeys;
import dev.signrelay.callback.WebhookSecrets;
import dev.signrelay.secret.Secret;
import java.time.InstantSource;

/** Keys of callbacks that never change. */
public final class FixedCallbackKeys {

  private FixedCallbackKeys() {}

  /** The same keys for every receiver. */
  public static CallbackKeys of(WebhookSecrets secrets) {
    return of(Secret.fixed(secrets));
  }

  /** The same keys for every receiver. */
  public static CallbackKeys of(Secret<WebhookSecrets> secrets) {
    return new CallbackKeys(
        secrets, Secret.fixed(WebhookSecrets.NONE), false, InstantSource.system());
  }
}
