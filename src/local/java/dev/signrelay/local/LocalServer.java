package dev.signrelay.local;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * An HTTP server (Jetty) that refuses what {@link IsolationPolicy} refuses. It answers what is no
 * valid request as API Gateway does, with a JSON object that has a {@code message}.
 */
public final class LocalServer implements AutoCloseable {

  private static final int MAX_HEAD_BYTES = 64 * 1024;

  /** Longer than clients poll, and than simulated failures last. */
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(5);

  /** The only path at which a {@code GET} has an effect. */
  private static final String SIGN = "/crypto/sign";

  private final InetAddress address;
  private final Server server;
  private final ServerConnector connector;

  /** Unused by {@link #listening} servers. */
  private volatile Exchange.Handler handler = exchange -> exchange.respond(404, null, "");

  /**
   * Starts a server with one virtual thread per request.
   *
   * @param bind the address to listen on
   * @param port 0: any free port
   * @throws IOException if the port is already in use
   */
  public LocalServer(String bind, int port, Exchange.Handler handler) throws IOException {
    this(bind, port, MAX_HEAD_BYTES, handler);
  }

  /**
   * @param maxHeadBytes of the request line and the headers; a longer URL is answered with 414,
   *     longer headers with 431
   */
  public LocalServer(String bind, int port, int maxHeadBytes, Exchange.Handler handler)
      throws IOException {
    this(bind, port, maxHeadBytes, virtualThreads());
    this.handler = handler;
    server.setHandler(
        new IsolationHandler(
            Exchange.handler(exchange -> this.handler.handle(exchange)),
            exchange -> !exchange.reads() || Exchange.decoded(exchange.path()).equals(SIGN)));
    start();
  }

  private LocalServer(String bind, int port, int maxHeadBytes, QueuedThreadPool threads)
      throws IOException {
    address = InetAddress.getByName(bind);
    server = new Server(threads);
    server.setErrorHandler(LocalServer::respondWithError);
    var http = new HttpConfiguration();
    http.setRequestHeaderSize(maxHeadBytes);
    http.setUriCompliance(UriCompliance.UNSAFE); // the handlers decide about paths
    http.setSendServerVersion(false);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(bind);
    connector.setPort(port);
    connector.setAcceptQueueSize(1_000);
    connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    server.addConnector(connector);
    try {
      connector.open();
    } catch (IOException e) {
      throw new IOException("port " + port + " is already in use", e);
    }
  }

  /**
   * A server with platform threads. It listens, but answers no request before {@link #start}.
   *
   * @param handler each of its requests counts as one that can have an effect
   */
  static LocalServer listening(String bind, int port, Handler handler) throws IOException {
    var server = new LocalServer(bind, port, MAX_HEAD_BYTES, new QueuedThreadPool());
    server.server.setHandler(new IsolationHandler(handler, _ -> true));
    return server;
  }

  private static QueuedThreadPool virtualThreads() {
    var threads = new QueuedThreadPool();
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    return threads;
  }

  /** Says that the connection ends, because Jetty ends it after a malformed request. */
  private static boolean respondWithError(Request request, Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    String message = HttpStatus.getMessage(response.getStatus());
    IsolationHandler.respond(response, IsolationPolicy.body(message), callback);
    return true;
  }

  void start() {
    try {
      server.start();
    } catch (Exception e) {
      close();
      throw new IllegalStateException("The server failed to start", e);
    }
  }

  public void addFilter(Exchange.Filter filter) {
    Exchange.Handler next = handler;
    handler = exchange -> filter.handle(exchange, next);
  }

  public URI url() {
    return url(address, connector.getLocalPort());
  }

  /** The URL at which programs on this machine reach a server that listens on an address. */
  static URI url(InetAddress address, int port) {
    String host = address.getHostAddress();
    return URI.create(
        "http://%s:%d"
            .formatted(
                address.isAnyLocalAddress() || host.equals("127.0.0.1")
                    ? "localhost"
                    : address instanceof Inet6Address ? "[" + host + "]" : host,
                port));
  }

  /** Closes all connections, without waiting for requests in progress. */
  @Override
  public void close() {
    try {
      connector.close();
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("The server failed to stop", e);
    }
  }
}
