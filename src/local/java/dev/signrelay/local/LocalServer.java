package dev.signrelay.local;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server with one virtual thread per request. It refuses what {@link IsolationPolicy}
 * refuses.
 */
public final class LocalServer implements AutoCloseable {

  private final HttpServer server;
  private final HttpContext context;

  /**
   * @param bind the address to listen on
   * @param port 0: any free port
   * @throws PortInUseException if the port is already in use
   */
  public LocalServer(String bind, int port, HttpHandler handler) throws IOException {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(bind), port), 1_000);
    } catch (BindException _) {
      throw new PortInUseException(port);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    context = server.createContext("/", handler);
    context.getFilters().add(new IsolationFilter());
    server.start();
  }

  /** Adds a filter that handles each request or passes it on to the handler. */
  public void addFilter(Filter filter) {
    context.getFilters().add(filter);
  }

  public URI url() {
    return url(server.getAddress().getAddress(), server.getAddress().getPort());
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

  public static void respond(
      HttpExchange exchange, int status, @Nullable String contentType, String body)
      throws IOException {
    respond(exchange, status, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @param bytes the body
   */
  public static void respond(
      HttpExchange exchange, int status, @Nullable String contentType, byte[] bytes)
      throws IOException {
    if (contentType != null) {
      exchange.getResponseHeaders().set("Content-Type", contentType);
    }
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  /** The decoded query parameter; empty if it is missing. */
  public static String parameter(HttpExchange exchange, String name) {
    String query = exchange.getRequestURI().getRawQuery();
    for (String pair : (query == null ? "" : query).split("&")) {
      if (pair.startsWith(name + "=")) {
        return decoded(pair.substring(name.length() + 1));
      }
    }
    return "";
  }

  /** Returns text with invalid percent-encoding unchanged. */
  static String decoded(String encoded) {
    try {
      return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return encoded;
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
