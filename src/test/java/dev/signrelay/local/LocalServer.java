package dev.signrelay.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** An HTTP server with a thread for each request. */
final class LocalServer implements AutoCloseable {

  private final HttpServer server;

  /**
   * @param bind the address to listen on
   * @param port 0: any free one
   * @throws PortTakenException if something else has the port
   */
  LocalServer(String bind, int port, HttpHandler handler) throws IOException {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(bind), port), 1_000);
    } catch (BindException _) {
      throw new PortTakenException(port);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", handler);
    server.start();
  }

  URI url() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  static void respond(HttpExchange exchange, int status, @Nullable String contentType, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    if (contentType != null) {
      exchange.getResponseHeaders().set("Content-Type", contentType);
    }
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
