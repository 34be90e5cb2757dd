package dev.signrelay.priming;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * An HTTPS server on the loopback interface that serves one request per connection. Only clients
 * that trust its {@linkplain LoopbackTls certificate} can use it.
 */
final class LoopbackServer implements AutoCloseable {

  /**
   * A response.
   *
   * @param body text, or JSON if it begins with a brace
   */
  record Response(int status, String body) {}

  private final LoopbackTls tls;
  private final ServerSocket socket;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final Function<LoopbackRequest, Response> responses;

  private LoopbackServer(
      LoopbackTls tls, ServerSocket socket, Function<LoopbackRequest, Response> responses) {
    this.tls = tls;
    this.socket = socket;
    this.responses = responses;
  }

  /**
   * Starts a server on a free port.
   *
   * @throws IOException if no port is free or the certificate cannot be read
   */
  static LoopbackServer start(Function<LoopbackRequest, Response> responses) throws IOException {
    LoopbackTls tls;
    try {
      tls = LoopbackTls.load();
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificate of the loopback server cannot be read", e);
    }
    ServerSocket socket =
        tls.server()
            .getServerSocketFactory()
            .createServerSocket(0, 16, InetAddress.getLoopbackAddress());
    var server = new LoopbackServer(tls, socket, responses);
    newThread(server::serve);
    return server;
  }

  URI url() {
    return URI.create("https://localhost:" + socket.getLocalPort());
  }

  LoopbackTls tls() {
    return tls;
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        connections.add(connection);
        newThread(() -> respond(connection));
      } catch (IOException _) {
        // Priming has ended.
      }
    }
  }

  /**
   * Serves one request, in a thread of its own: a client that times out in the middle of a request
   * can leave its connection open, and the next client must not wait for it.
   */
  private void respond(Socket connection) {
    try (connection) {
      Response response = responses.apply(LoopbackRequest.read(connection.getInputStream()));
      connection.getOutputStream().write(bytes(response));
    } catch (IOException _) {
      // The client closed the connection, or priming has ended.
    } finally {
      connections.remove(connection);
    }
  }

  private static void newThread(Runnable task) {
    Thread.ofPlatform().daemon().name("loopback").start(task);
  }

  private static byte[] bytes(Response response) {
    String type = response.body().startsWith("{") ? "application/json" : "text/plain";
    String text =
        """
        HTTP/1.1 %d Loopback\r
        Content-Type: %s\r
        Content-Length: %d\r
        Connection: close\r
        \r
        %s"""
            .formatted(response.status(), type, response.body().length(), response.body());
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Stops the server and closes all connections: a snapshot must not have one. */
  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }
}
