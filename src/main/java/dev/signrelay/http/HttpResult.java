package dev.signrelay.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an exchange ended: a {@link Reply}, or {@link NoReply} and why. */
public sealed interface HttpResult {

  /**
   * @param contentType as sent; null if it was not
   * @param retryAfter the raw {@code Retry-After}; null if it was not sent
   * @param body at most as many bytes as the call allowed
   * @param truncated whether there was more
   */
  record Reply(
      int status,
      @Nullable String contentType,
      @Nullable String retryAfter,
      byte[] body,
      boolean truncated)
      implements HttpResult {

    /**
     * How long the server asks to wait: seconds or an HTTP date (RFC 9110, 10.2.3).
     *
     * @return null if it does not ask, or in no form the RFC knows; never negative
     */
    public @Nullable Duration retryAfter(Instant now) {
      return retryAfter == null ? null : RetryAfter.read(retryAfter, now);
    }
  }

  /**
   * @param status of a reply whose body then did not come whole in time; null: not even its head
   *     did
   */
  record NoReply(Cause cause, @Nullable Integer status) implements HttpResult {

    public NoReply(Cause cause) {
      this(cause, null);
    }
  }

  /** Why there was no reply; {@link #code()} is what logs and dead letters say. */
  enum Cause {
    /** The whole exchange did not end in time. */
    TIMEOUT,
    /** The name does not resolve. */
    UNKNOWN_HOST,
    /** The name resolves to an address that must not be connected to; nothing was. */
    FORBIDDEN_ADDRESS,
    /** No address took the connection. */
    CONNECT,
    /** When the connection stood, the request might not be sent any more. Nothing was sent. */
    TOO_LATE,
    /** The TLS handshake failed. */
    TLS,
    /** The connection was closed or reset before the reply was whole. */
    DISCONNECTED,
    /** What came back is not HTTP, or more than its limits. */
    MALFORMED;

    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
