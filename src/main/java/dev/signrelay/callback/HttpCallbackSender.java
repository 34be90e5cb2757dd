package dev.signrelay.callback;

import dev.signrelay.destination.DestinationRules;
import dev.signrelay.http.HttpCall;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.json.ResultBody;
import dev.signrelay.secret.SecretUnavailableException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Delivers with a POST whose headers follow the <a
 * href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 * Webhooks</a> specification: {@code webhook-id} and {@code webhook-timestamp} (seconds since the
 * epoch, of this delivery), and {@code webhook-signature} if there are keys.
 *
 * @param rules may have changed since a job was accepted; nothing is sent to a URL that breaks them
 */
public record HttpCallbackSender(
    DestinationRules rules, HttpTransport http, InstantSource clock, CallbackKeys keys)
    implements CallbackSender {

  /**
   * The reply's body is not used. This much is read so that the receiver can complete its reply.
   */
  private static final int MAX_REPLY_BYTES = 4 * 1024;

  /** Appended to a job's id to form the id of its failure notice. */
  private static final String FAILURE_SUFFIX = "-failed";

  /**
   * Nothing was sent, because a receiver has to refuse a callback without a signature. Counts as a
   * delivery.
   */
  private static final DeliveryOutcome NO_KEYS = new Undelivered("secret-unavailable", null);

  private static final DeliveryOutcome FORBIDDEN = new Forbidden("forbidden-url");

  @Override
  public void prepare(Duration limit) {
    keys.prepare(limit);
  }

  @Override
  public DeliveryOutcome deliver(URI url, String id, String signature, Duration timeout) {
    return post(url, id, ResultBody.success(signature), timeout);
  }

  @Override
  public DeliveryOutcome notifyFailure(URI url, String id, String reason, Duration timeout) {
    return post(url, id + FAILURE_SUFFIX, ResultBody.failure(reason), timeout);
  }

  private DeliveryOutcome post(URI url, String webhookId, String text, Duration timeout) {
    if (rules.brokenRule(url).isPresent()) {
      return FORBIDDEN;
    }
    Instant start = clock.instant();
    CallbackSigningKeys signingKeys;
    try {
      signingKeys = keys.of(url, timeout);
    } catch (SecretUnavailableException _) {
      return NO_KEYS;
    }
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    Duration left = timeout.minus(Duration.between(start, clock.instant()));
    var call =
        new HttpCall(
            url, headers(webhookId, body, signingKeys), body, left, MAX_REPLY_BYTES, () -> true);
    return CallbackReply.outcome(http.execute(call));
  }

  private Map<String, String> headers(String id, byte[] body, CallbackSigningKeys signingKeys) {
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    var headers = new HashMap<>(Map.of("webhook-id", id, "webhook-timestamp", timestamp));
    signingKeys.sign(id, timestamp, body).ifPresent(s -> headers.put("webhook-signature", s));
    return headers;
  }
}
