package dev.signrelay.callback;

import dev.signrelay.callback.DeliveryOutcome.Delivered;
import dev.signrelay.callback.DeliveryOutcome.Forbidden;
import dev.signrelay.callback.DeliveryOutcome.Gone;
import dev.signrelay.callback.DeliveryOutcome.Undelivered;
import dev.signrelay.http.HttpCall;
import dev.signrelay.http.HttpExchange;
import dev.signrelay.http.HttpResult;
import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.http.HttpResult.Reply;
import dev.signrelay.json.ResultBody;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Delivers with a POST whose headers follow the <a
 * href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 * Webhooks</a> specification: {@code webhook-id} and {@code webhook-timestamp} (seconds since the
 * epoch, of this very delivery), and {@code webhook-signature} if there are secrets to sign with.
 */
public final class HttpCallbackSender implements CallbackSender {

  /** What the receiver says is not used; this much is read so that it can end its reply. */
  private static final int MAX_REPLY_BYTES = 4 * 1024;

  private final HttpExchange http;
  private final InstantSource clock;
  private final WebhookSecrets secrets;

  public HttpCallbackSender(HttpExchange http, InstantSource clock, WebhookSecrets secrets) {
    this.http = http;
    this.clock = clock;
    this.secrets = secrets;
  }

  @Override
  public DeliveryOutcome deliver(URI url, String id, @Nullable String signature, Duration timeout) {
    String webhookId = signature == null ? id + "-failed" : id;
    String text = signature == null ? ResultBody.givenUp() : ResultBody.success(signature);
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    var call = new HttpCall(url, headers(webhookId, body), body, timeout, MAX_REPLY_BYTES);
    return outcome(http.exchange(call), clock.instant());
  }

  private Map<String, String> headers(String id, byte[] body) {
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    var headers = new HashMap<>(Map.of("webhook-id", id, "webhook-timestamp", timestamp));
    secrets.sign(id, timestamp, body).ifPresent(s -> headers.put("webhook-signature", s));
    return headers;
  }

  static DeliveryOutcome outcome(HttpResult result, Instant now) {
    return switch (result) {
      case Reply reply -> outcome(reply.status(), reply.retryAfter(now));
      // A receiver that sent its status has decided, whatever becomes of the body.
      case NoReply(_, Integer status) when status != null -> outcome(status, null);
      case NoReply(var cause, _) when cause == Cause.FORBIDDEN_ADDRESS ->
          new Forbidden(cause.code());
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
