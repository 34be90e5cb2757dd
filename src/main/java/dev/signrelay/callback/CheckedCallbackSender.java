package dev.signrelay.callback;

import dev.signrelay.callback.DeliveryOutcome.Forbidden;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Delivers only to where callbacks may go by the present settings. */
public record CheckedCallbackSender(CallbackTargets targets, CallbackSender sender)
    implements CallbackSender {

  @Override
  public DeliveryOutcome deliver(URI url, String id, @Nullable String signature, Duration timeout) {
    return targets.brokenRule(url).isPresent()
        ? new Forbidden("forbidden-url")
        : sender.deliver(url, id, signature, timeout);
  }
}
