package dev.signrelay.callback;

import dev.signrelay.destination.DestinationRules;
import dev.signrelay.http.HttpCall;
import dev.signrelay.http.HttpResult;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.http.HttpResult.Reply;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.json.ResultBody;
import dev.signrelay.secret.Secret;
import dev.signrelay.secret.SecretUnavailableException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Delivers with a POST whose headers follow the <a
 * href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 * Webhooks</a> specification: {@code webhook-id} and {@code webhook-timestamp} (seconds since the
 * epoch, of this delivery), and {@code webhook-signature} if there are keys.
 *
 * @param rules checked before each delivery: they may have changed since the job was accepted
 * @param secrets the shared secrets
 * @param secretPerHost whether each receiver has secrets of its own, which are derived from {@code
 *     secrets}
 * @param privateKeys the private keys, whose public keys receivers know
 */
public record HttpCallbackSender(
    DestinationRules rules,
    HttpTransport http,
    InstantSource clock,
    Secret<CallbackSigningKeys> secrets,
    boolean secretPerHost,
    Secret<CallbackSigningKeys> privateKeys)
    implements CallbackSender {

  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;

  /**
   * How much of a reply's body is read. It is not used, but the receiver can complete its reply.
   */
  private static final int MAX_REPLY_BYTES = 4 * 1024;

  private static final String FAILURE_SUFFIX = "-failed";

  /**
   * The keys could not be read, so nothing was sent: a receiver has to refuse a callback without a
   * signature. Counts as a failed delivery.
   */
  private static final DeliveryOutcome NO_KEYS = new Undelivered("secret-unavailable", null);

  private static final DeliveryOutcome FORBIDDEN = new Forbidden("forbidden-url");

  @Override
  public void prepare(Duration limit) {
    var _ = read(limit);
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
    Instant end = clock.instant().plus(timeout);
    CallbackSigningKeys keys;
    try {
      keys = keys(url, timeout);
    } catch (SecretUnavailableException _) {
      return NO_KEYS;
    }
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = headers(webhookId, body, keys);
    Duration left = Duration.between(clock.instant(), end);
    var call = new HttpCall(url, headers, body, left, MAX_REPLY_BYTES, () -> true);
    return outcome(http.execute(call));
  }

  /** The keys for a callback to a URL. */
  CallbackSigningKeys keys(URI url, Duration limit) {
    CallbackSigningKeys keys = read(limit);
    return secretPerHost ? keys.of(receiver(url)) : keys;
  }

  private CallbackSigningKeys read(Duration limit) {
    Instant end = clock.instant().plus(limit);
    return secrets.get(limit).and(privateKeys.get(Duration.between(clock.instant(), end)));
  }

  /** The host in lower case, followed by a colon and the port unless that is 443. */
  static String receiver(URI url) {
    int port = url.getPort();
    if (port == -1) {
      port = "https".equalsIgnoreCase(url.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    }
    String host = url.getHost().toLowerCase(Locale.ROOT);
    return port == HTTPS_PORT ? host : host + ":" + port;
  }

  private Map<String, String> headers(String id, byte[] body, CallbackSigningKeys keys) {
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    var headers = new HashMap<>(Map.of("webhook-id", id, "webhook-timestamp", timestamp));
    keys.sign(id, timestamp, body).ifPresent(s -> headers.put("webhook-signature", s));
    return headers;
  }

  static DeliveryOutcome outcome(HttpResult result) {
    return switch (result) {
      case Reply reply -> outcome(reply.status(), reply.retryAfter());
      // The status alone decides, even if the body is incomplete.
      case NoReply(_, Integer status) when status != null -> outcome(status, null);
      // Includes a forbidden address: a final outcome would show clients which names are internal.
      case NoReply(var cause, _) -> new Undelivered(cause.code(), null);
    };
  }

  private static DeliveryOutcome outcome(int status, @Nullable Duration retryAfter) {
    String code = "http-" + status;
    if (status / 100 == 2) {
      return new Delivered(code);
    }
    return status == 410 ? new Gone(code) : new Undelivered(code, retryAfter);
  }
}
