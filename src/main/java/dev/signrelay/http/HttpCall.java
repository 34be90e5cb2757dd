package dev.signrelay.http;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request and the limits of its exchange.
 *
 * @param body JSON to POST; null: a GET
 * @param timeout limits the whole exchange, from name resolution to the reply's last byte
 * @param maxReplyBytes how much of the reply's body is read
 * @param maySend called when the connection is established, right before the request is sent; it
 *     may wait. False: the request is not sent.
 */
public record HttpCall(
    URI url,
    Map<String, String> headers,
    byte @Nullable [] body,
    Duration timeout,
    int maxReplyBytes,
    BooleanSupplier maySend) {

  /** Omits headers, body, path and query: each may be a secret. */
  @Override
  public String toString() {
    return "HttpCall[host=" + url.getHost() + "]";
  }
}
