package dev.signrelay.http;

import java.util.List;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HeaderElements;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.Timeout;

/** Creates Apache HttpClients without retries, redirects, cookies, caching or reuse. */
public final class HttpClients {

  private static final int MAX_HEADERS = 100;
  private static final int MAX_LINE = 8_192;
  private static final int MAX_CONNECTIONS = 256;

  /** Longer than any call: otherwise the client would apply the connect timeout. */
  private static final Timeout HANDSHAKE_TIMEOUT = Timeout.ofMinutes(2);

  /**
   * Each call has a connection of its own. On a reused connection, stray bytes after one reply
   * would be read as the reply to the next call, with the signature of another message. A
   * connection that the server closes at that moment would cost an attempt, because no request is
   * repeated.
   */
  private static final Header ONE_CALL_PER_CONNECTION =
      new BasicHeader(HttpHeaders.CONNECTION, HeaderElements.CLOSE);

  static final RequestConfig REQUEST_CONFIG =
      RequestConfig.custom()
          .setRedirectsEnabled(false)
          .setAuthenticationEnabled(false)
          .setContentCompressionEnabled(false)
          .setExpectContinueEnabled(false)
          .setProtocolUpgradeEnabled(false)
          .build();

  private HttpClients() {}

  /**
   * Creates a client.
   *
   * @param network its resolver decides which addresses the client may connect to
   */
  public static CloseableHttpClient create(Network network, String userAgent) {
    var limits =
        Http1Config.custom()
            .setMaxHeaderCount(MAX_HEADERS)
            .setMaxLineLength(MAX_LINE)
            .setMaxEmptyLineCount(1)
            .build();
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(new CancellationAwareResolver(network.names()))
            .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(HANDSHAKE_TIMEOUT).build())
            .setTlsSocketStrategy(new DefaultClientTlsStrategy(network.tls()))
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder().http1Config(limits).build())
            .setMaxConnTotal(MAX_CONNECTIONS)
            .setMaxConnPerRoute(MAX_CONNECTIONS)
            .build();
    return HttpClientBuilder.create()
        .setConnectionManager(connections)
        .setRequestExecutor(new InterimResponseLimit())
        .addExecInterceptorBefore(
            ChainElement.MAIN_TRANSPORT.name(),
            SendDeadlineInterceptor.class.getSimpleName(),
            new SendDeadlineInterceptor())
        .setDefaultRequestConfig(REQUEST_CONFIG)
        .setDefaultHeaders(List.of(ONE_CALL_PER_CONNECTION))
        .setUserAgent(userAgent)
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableContentCompression()
        .disableCookieManagement()
        .disableAuthCaching()
        .build();
  }
}
