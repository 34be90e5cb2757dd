package dev.signrelay.http;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request to make.
 *
 * @param body JSON to POST; null: a GET
 * @param timeout over the whole exchange, name resolution, connecting and the reply's last byte
 *     included
 * @param maxReplyBytes how much of the reply's body is read
 * @param mayBeSent asked when the connection stands, right before the request goes on the wire
 */
public record HttpCall(
    URI url,
    Map<String, String> headers,
    byte @Nullable [] body,
    Duration timeout,
    int maxReplyBytes,
    BooleanSupplier mayBeSent) {

  public HttpCall {
    headers = Map.copyOf(headers);
  }

  /** One that may be sent at any time within its timeout. */
  public HttpCall(
      URI url,
      Map<String, String> headers,
      byte @Nullable [] body,
      Duration timeout,
      int maxReplyBytes) {
    this(url, headers, body, timeout, maxReplyBytes, () -> true);
  }

  /** Without headers, body and query, any of which may be a secret. */
  @Override
  public String toString() {
    return "HttpCall[host=" + url.getHost() + "]";
  }
}
