package dev.signrelay.callback;

import dev.signrelay.destination.DestinationRules;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import java.net.URI;
import java.time.Duration;

/**
 * Sends callbacks only to URLs that the current destination rules allow. The rules may have changed
 * since the job was accepted.
 */
public record CheckedCallbackSender(DestinationRules rules, CallbackSender sender)
    implements CallbackSender {

  private static final DeliveryOutcome FORBIDDEN = new Forbidden("forbidden-url");

  @Override
  public void prepare(Duration limit) {
    sender.prepare(limit);
  }

  @Override
  public DeliveryOutcome deliver(URI url, String id, String signature, Duration timeout) {
    return isAllowed(url) ? sender.deliver(url, id, signature, timeout) : FORBIDDEN;
  }

  @Override
  public DeliveryOutcome notifyFailure(URI url, String id, String reason, Duration timeout) {
    return isAllowed(url) ? sender.notifyFailure(url, id, reason, timeout) : FORBIDDEN;
  }

  private boolean isAllowed(URI url) {
    return rules.brokenRule(url).isEmpty();
  }
}
