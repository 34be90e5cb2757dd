package dev.signrelay.loopback;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.function.Function;

/**
 * An HTTPS server that answers one request a connection. It takes none from another machine, and
 * none from this one but of a client that trusts its {@linkplain LoopbackTls certificate}.
 */
public final class LoopbackServer implements AutoCloseable {

  /**
   * @param body text, or JSON if it begins with a brace
   */
  public record Answer(int status, String body) {}

  private final LoopbackTls tls;
  private final ServerSocket socket;
  private final Function<LoopbackRequest, Answer> answers;

  private LoopbackServer(
      LoopbackTls tls, ServerSocket socket, Function<LoopbackRequest, Answer> answers) {
    this.tls = tls;
    this.socket = socket;
    this.answers = answers;
  }

  /**
   * @throws IOException if there is no port for it, or its certificate cannot be read
   */
  public static LoopbackServer start(Function<LoopbackRequest, Answer> answers) throws IOException {
    LoopbackTls tls;
    try {
      tls = LoopbackTls.load();
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS within the process", e);
    }
    ServerSocket socket =
        tls.server()
            .getServerSocketFactory()
            .createServerSocket(0, 16, InetAddress.getLoopbackAddress());
    var server = new LoopbackServer(tls, socket, answers);
    Thread.ofPlatform().daemon().name("loopback").start(server::serve);
    return server;
  }

  public URI url() {
    return URI.create("https://localhost:" + socket.getLocalPort());
  }

  public LoopbackTls tls() {
    return tls;
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket connection = socket.accept()) {
        Answer answer = answers.apply(LoopbackRequest.read(connection.getInputStream()));
        connection.getOutputStream().write(bytes(answer));
      } catch (IOException _) {
        // The client went away, or the rehearsal is over: nobody waits for an answer.
      }
    }
  }

  private static byte[] bytes(Answer answer) {
    String type = answer.body().startsWith("{") ? "application/json" : "text/plain";
    String response =
        """
        HTTP/1.1 %d Answer\r
        Content-Type: %s\r
        Content-Length: %d\r
        Connection: close\r
        \r
        %s"""
            .formatted(answer.status(), type, answer.body().length(), answer.body());
    return response.getBytes(StandardCharsets.US_ASCII);
  }

  /** Ends it, with whatever connection is open. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
