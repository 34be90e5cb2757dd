package dev.signrelay.http;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HeaderElements;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.Http1StreamListener;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;

/** Creates Apache HttpClients without retries, redirects, cookies or reuse of connections. */
public final class HttpClients {

  private static final int MAX_HEADERS = 100;
  private static final int MAX_LINE = 8_192;
  private static final int MAX_INTERIM_RESPONSES = 16;

  /**
   * The most calls that a process may make at once without waiting for a connection. A call has a
   * connection and two threads. Lambda allows 1,024 threads and 1,024 open files (AWS Lambda
   * developer guide, "Lambda quotas").
   */
  public static final int MAX_CALLS = 300;

  /** A call that was given up occupies a connection until the resolution of its name ends. */
  private static final int MAX_CONNECTIONS = MAX_CALLS + MAX_CALLS / 3;

  /** Longer than any call: otherwise the client would apply the connect timeout. */
  private static final Timeout HANDSHAKE_TIMEOUT = Timeout.ofMinutes(2);

  /**
   * Each call has a connection of its own. On a reused connection, stray bytes after one reply
   * would be read as the reply to the next call, with the signature of another message. If the
   * server closed it at the moment of a request, an attempt would be lost, because no request is
   * repeated.
   */
  private static final Header ONE_CALL_PER_CONNECTION =
      new BasicHeader(HttpHeaders.CONNECTION, HeaderElements.CLOSE);

  /** The name of the context attribute that holds a call's {@link HttpCall#maySend}. */
  static final String MAY_SEND = "dev.signrelay.may-send";

  private HttpClients() {}

  /**
   * Creates a client.
   *
   * @param allowed the addresses that it may connect to
   */
  public static HttpClient create(
      Network network, Predicate<InetAddress> allowed, String userAgent) {
    var limits =
        Http1Config.custom()
            .setMaxHeaderCount(MAX_HEADERS)
            .setMaxLineLength(MAX_LINE)
            .setMaxEmptyLineCount(1)
            .build();
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(new CheckedDnsResolver(network.names(), allowed))
            .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(HANDSHAKE_TIMEOUT).build())
            .setTlsSocketStrategy(new DefaultClientTlsStrategy(network.tls()))
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder().http1Config(limits).build())
            .setMaxConnTotal(MAX_CONNECTIONS)
            .setMaxConnPerRoute(MAX_CONNECTIONS)
            .build();
    return HttpClientBuilder.create()
        .setConnectionManager(connections)
        .setRequestExecutor(new LimitedExchange())
        .setDefaultHeaders(List.of(ONE_CALL_PER_CONNECTION))
        .setUserAgent(userAgent)
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableContentCompression()
        .disableCookieManagement()
        .disableAuthCaching()
        .build();
  }

  /** {@link HttpCall#maySend} returned false, so the request was not sent. */
  static final class SendDeadlineException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Sends a request on an established connection, if it may still be sent, and fails if the reply
   * follows too many interim (1xx) responses. A client that reads these without pause never blocks,
   * and would occupy a processor until its deadline.
   */
  private static final class LimitedExchange extends HttpRequestExecutor {

    @Override
    public ClassicHttpResponse execute(
        ClassicHttpRequest request,
        HttpClientConnection connection,
        HttpResponseInformationCallback informationCallback,
        HttpContext context)
        throws IOException, HttpException {
      var maySend = (BooleanSupplier) context.getAttribute(MAY_SEND);
      if (!maySend.getAsBoolean()) {
        throw new SendDeadlineException();
      }
      return new HttpRequestExecutor(Http1Config.DEFAULT, null, new InterimResponses())
          .execute(request, connection, informationCallback, context);
    }
  }

  /** Counts the interim responses of one exchange. */
  private static final class InterimResponses implements Http1StreamListener {
    private int count;

    @Override
    public void onResponseHead(HttpConnection connection, HttpResponse response) {
      if (response.getCode() < 200 && ++count > MAX_INTERIM_RESPONSES) {
        throw new IllegalStateException(
            "more than " + MAX_INTERIM_RESPONSES + " interim responses");
      }
    }

    @Override
    public void onRequestHead(HttpConnection connection, HttpRequest request) {}

    @Override
    public void onExchangeComplete(HttpConnection connection, boolean keepAlive) {}
  }
}
