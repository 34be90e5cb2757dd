package dev.signrelay.testing;

import dev.signrelay.callback.CallbackSigningKeys;
import dev.signrelay.callback.HttpCallbackSender;
import dev.signrelay.destination.DestinationRules;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.secret.Secret;
import java.time.InstantSource;

/** Keys of callbacks that never change. */
public final class FixedCallbackKeys {

  private FixedCallbackKeys() {}

  /** A sender with the same keys for every receiver. */
  public static HttpCallbackSender sender(
      DestinationRules rules, HttpTransport http, InstantSource clock, CallbackSigningKeys keys) {
    return new HttpCallbackSender(
        rules,
        http,
        clock,
        new Secret.Fixed<>(keys),
        false,
        new Secret.Fixed<>(CallbackSigningKeys.NONE));
  }
}
