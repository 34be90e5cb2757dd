package dev.signrelay.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.RequestConfig;
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

/** Apache HttpClient with everything switched off that it would do without being asked. */
public final class HttpClients {

  private static final int MAX_HEADERS = 100;
  private static final int MAX_LINE = 8_192;
  private static final int MAX_CONNECTIONS = 256;

  /**
   * On a connection that is used again, whatever the server sent after one reply would be taken for
   * the reply to the next call: the signature of another message. And one that the server closes at
   * that moment would cost a whole attempt, since nothing is sent twice.
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
   * @param network its resolver decides which addresses may be connected to; just those it returns
   *     are
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
            .setDnsResolver(new NotTooLate(network.names()))
            .setTlsSocketStrategy(new DefaultClientTlsStrategy(network.tls()))
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder().http1Config(limits).build())
            .setMaxConnTotal(MAX_CONNECTIONS)
            .setMaxConnPerRoute(MAX_CONNECTIONS)
            .build();
    return HttpClientBuilder.create()
        .setConnectionManager(connections)
        .setRequestExecutor(new FewInterimReplies())
        .addExecInterceptorBefore(
            ChainElement.MAIN_TRANSPORT.name(), LastCheck.class.getSimpleName(), new LastCheck())
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

  /** A name that resolves after its call was given up would still be connected to. */
  private record NotTooLate(DnsResolver resolver) implements DnsResolver {

    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
      return inTime(host, resolver.resolve(host, port));
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      return inTime(host, resolver.resolve(host));
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
      return inTime(host, resolver.resolveCanonicalHostname(host));
    }

    private static <T> T inTime(String host, T resolved) throws UnknownHostException {
      if (Thread.currentThread().isInterrupted()) {
        throw new UnknownHostException(host);
      }
      return resolved;
    }
  }
}
