package dev.signrelay.local;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Passes requests on to an HTTP server on a loopback port, unless {@link IsolationPolicy} refuses
 * them. No request is sent twice: Jetty's client repeats only what it has not begun to send.
 *
 * <p>Of a request's headers it passes on only {@link #HEADERS}. A server that accepts no more is
 * out of a browser's reach, even if a page finds its port.
 */
final class QueueFront extends ProxyHandler implements AutoCloseable {

  /** What the server needs of a request. */
  static final List<String> HEADERS =
      List.of("Host", "Content-Type", "Content-Length", "X-Amz-Target");

  /** Above the 20 s of a long poll, below the 60 s after which ElasticMQ closes a connection. */
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(40);

  /** Each long poll has a connection. */
  private static final int MAX_CONNECTIONS = 1_000;

  private final LocalServer server;
  private volatile InetSocketAddress queues;

  /**
   * Listens, but answers no request before {@link #start}.
   *
   * @param port 0: any free port
   * @throws IOException if the port is already in use
   */
  QueueFront(String bind, int port) throws IOException {
    setUseServerThreadPool(true);
    server = LocalServer.listening(bind, port, this);
  }

  URI url() {
    return server.url();
  }

  /** Begins to pass requests on. */
  void start(InetSocketAddress server) {
    queues = server;
    this.server.start();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    HttpFields.Mutable headers = HttpFields.build();
    for (HttpField field : request.getHeaders()) {
      // Transfer-Encoding says that there is a body. It is not passed on.
      if (HEADERS.stream().anyMatch(field::is) || field.is("Transfer-Encoding")) {
        headers.add(field);
      }
    }
    var reduced =
        new Request.Wrapper(request) {
          @Override
          public HttpFields getHeaders() {
            return headers;
          }
        };
    return super.handle(reduced, response, callback);
  }

  @Override
  protected HttpURI rewriteHttpURI(Request request) {
    HttpURI uri =
        HttpURI.build(request.getHttpURI())
            .scheme("http")
            .authority(queues.getHostString(), queues.getPort());
    try {
      var _ = uri.toURI(); // which Jetty's client calls
      return uri;
    } catch (IllegalArgumentException e) {
      throw new HttpException.RuntimeException(400, "The URL is malformed", e);
    }
  }

  @Override
  protected void configureHttpClient(HttpClient client) {
    super.configureHttpClient(client);
    client.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    client.setMaxConnectionsPerDestination(MAX_CONNECTIONS);
    client.setUserAgentField(null);
  }

  @Override
  protected void addProxyHeaders(Request request, org.eclipse.jetty.client.Request proxied) {
    // none: see HEADERS
  }

  @Override
  protected @Nullable HttpField filterServerToProxyResponseField(HttpField field) {
    return field.getHeader() == HttpHeader.DATE ? null : field; // the front sets it
  }

  @Override
  public void close() {
    server.close();
  }
}
