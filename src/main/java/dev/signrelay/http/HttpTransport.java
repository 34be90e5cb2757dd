package dev.signrelay.http;

import dev.signrelay.http.CheckedDnsResolver.ForbiddenAddressException;
import dev.signrelay.http.HttpClients.SendDeadlineException;
import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.http.HttpResult.Reply;
import dev.signrelay.time.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Executes HTTP calls with a limit on the whole exchange. A call sends at most one request: it is
 * not repeated and no redirect is followed. The caller gets a result within the call's timeout,
 * however slow name resolution, connecting, the TLS handshake or the reply is.
 *
 * <p>At the deadline the connection is closed, so nothing is sent after it. No connection outlives
 * its call.
 */
public record HttpTransport(HttpClient client, TimeSource time) {

  /** JSON has no charset parameter (RFC 8259, 11). */
  private static final ContentType JSON = ContentType.create("application/json");

  /** How many addresses of a host can be tried within the timeout, if none accepts a connection. */
  private static final int ADDRESSES = 3;

  /** Executes a call. Does not throw for failures of the server or the network. */
  public HttpResult execute(HttpCall call) {
    if (!call.timeout().isPositive()) {
      return new NoReply(Cause.TIMEOUT, null);
    }
    HttpUriRequestBase request = request(call);
    var status = new AtomicReference<@Nullable Integer>();
    try {
      return time.callWithin(call.timeout(), () -> send(request, call, status));
    } catch (TimeoutException _) {
      request.cancel();
      return new NoReply(Cause.TIMEOUT, status.get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      return new NoReply(cause(e.getCause()), status.get());
    }
  }

  private static HttpUriRequestBase request(HttpCall call) {
    HttpUriRequestBase request =
        call.body() == null ? new HttpGet(call.url()) : new HttpPost(call.url());
    if (call.body() != null) {
      request.setEntity(new ByteArrayEntity(call.body(), JSON));
    }
    call.headers().forEach(request::setHeader);
    request.setConfig(config(call.timeout()));
    return request;
  }

  /**
   * Sets the deprecated connect timeout of a request. Its replacement in the connection manager is
   * the same for all calls.
   */
  @SuppressWarnings("deprecation")
  private static RequestConfig config(Duration timeout) {
    return RequestConfig.custom()
        .setConnectTimeout(Timeout.of(timeout.dividedBy(ADDRESSES)))
        .setConnectionRequestTimeout(Timeout.of(timeout))
        .setResponseTimeout(Timeout.of(timeout))
        .setAuthenticationEnabled(false)
        .setProtocolUpgradeEnabled(false)
        .build();
  }

  private HttpResult send(
      HttpUriRequestBase request, HttpCall call, AtomicReference<@Nullable Integer> status)
      throws IOException {
    HttpClientContext context = HttpClientContext.create();
    // The client calls it when the connection is established.
    context.setAttribute(HttpClients.MAY_SEND, call.maySend());
    ClassicHttpResponse response = client.executeOpen(null, request, context);
    status.set(response.getCode());
    try {
      HttpEntity entity = response.getEntity();
      InputStream content = entity == null ? InputStream.nullInputStream() : entity.getContent();
      byte[] body = content.readNBytes(call.maxReplyBytes());
      boolean truncated = content.read() >= 0;
      if (truncated) {
        // Closing the response without cancelling would read the rest of it.
        request.cancel();
      }
      return new Reply(
          response.getCode(),
          header(response, "Content-Type"),
          RetryAfter.read(header(response, "Retry-After"), time.instant()),
          body,
          truncated);
    } finally {
      // Closing a truncated reply fails, because its rest is missing. The result is known by then.
      Closer.closeQuietly(response);
    }
  }

  private static @Nullable String header(ClassicHttpResponse response, String name) {
    Header header = response.getFirstHeader(name);
    return header == null ? null : header.getValue();
  }

  private static Cause cause(@Nullable Throwable failure) {
    return switch (failure) {
      case ForbiddenAddressException _ -> Cause.FORBIDDEN_ADDRESS;
      case SendDeadlineException _ -> Cause.TOO_LATE;
      case UnknownHostException _ -> Cause.UNKNOWN_HOST;
      case SSLException _ -> Cause.TLS;
      case ConnectException _, NoRouteToHostException _ -> Cause.CONNECT;
      case SocketTimeoutException _ -> Cause.TIMEOUT;
      // It extends the malformed chunk's exception, but the connection was closed.
      case TruncatedChunkException _ -> Cause.DISCONNECTED;
      case MalformedChunkCodingException _, MessageConstraintException _ -> Cause.MALFORMED;
      case ClientProtocolException _, HttpException _, RuntimeException _ -> Cause.MALFORMED;
      case null, default -> Cause.DISCONNECTED;
    };
  }
}
