package dev.signrelay.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
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

  /** How many addresses of a host can be tried, if none of them accepts the connection. */
  private static final int ADDRESSES = 3;

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

  private HttpClients() {}

  /** The network's resolver decides which addresses the client may connect to. */
  public static HttpClient create(Network network, String userAgent) {
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

  /**
   * The configuration of a call. The connection manager's own connect timeout, which supersedes the
   * deprecated one, is the same for all calls.
   */
  @SuppressWarnings("deprecation")
  static RequestConfig config(Duration timeout) {
    return RequestConfig.custom()
        .setConnectTimeout(Timeout.of(timeout.dividedBy(ADDRESSES)))
        .setConnectionRequestTimeout(Timeout.of(timeout))
        .setResponseTimeout(Timeout.of(timeout))
        .setAuthenticationEnabled(false)
        .setProtocolUpgradeEnabled(false)
        .build();
  }

  /**
   * Discards the result of a resolution that ends after its call was cancelled, so that no
   * connection is opened for it.
   */
  private record CancellationAwareResolver(DnsResolver names) implements DnsResolver {

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      InetAddress[] addresses = names.resolve(host);
      if (Thread.currentThread().isInterrupted()) {
        throw new UnknownHostException(host);
      }
      return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
      return names.resolveCanonicalHostname(host);
    }
  }
}
