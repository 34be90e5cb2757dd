package dev.signrelay.http;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an exchange ended: {@link Reply} or {@link NoReply}. */
public sealed interface HttpResult {

  /**
   * The server replied.
   *
   * @param contentType the header's value; null: absent
   * @param retryAfter how long the server asks to wait; null: the header is absent or malformed
   * @param body at most as many bytes as the call allows
   * @param truncated whether the body is longer
   */
  record Reply(
      int status,
      @Nullable String contentType,
      @Nullable Duration retryAfter,
      byte[] body,
      boolean truncated)
      implements HttpResult {}

  /**
   * There was no complete reply.
   *
   * @param status the status of a reply whose body was not received completely; null: none
   */
  record NoReply(Cause cause, @Nullable Integer status) implements HttpResult {}

  /** Why there was no complete reply. {@link #code()} appears in logs and dead letters. */
  enum Cause {
    /** The exchange did not end in time. */
    TIMEOUT,
    /** The name does not resolve. */
    UNKNOWN_HOST,
    /** The name resolves to an address that is not allowed. No connection was opened. */
    FORBIDDEN_ADDRESS,
    /** No address accepted the connection. */
    CONNECT,
    /** {@link HttpCall#maySend} returned false. Nothing was sent. */
    TOO_LATE,
    /** TLS failed, such as the handshake. */
    TLS,
    /** The connection was closed or reset before the reply was complete. */
    DISCONNECTED,
    /** The reply is not valid HTTP, or has too many or too long headers, or interim responses. */
    MALFORMED;

    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
