package dev.signrelay.testing.http;

import dev.signrelay.testing.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * An upstream for {@code https://localhost} that offers one version of TLS and signs everything.
 * Requires a process of its own, because it lifts the JDK's ban on old versions for its whole JVM.
 * Arguments: the port and the version, as {@code TLSv1.1}. It listens there only after a handshake
 * with itself in that version, so a client that gets no answer has refused it.
 */
public final class OneTlsVersionMain {

  /** The signature of every message. */
  public static final String SIGNATURE = "signature";

  private OneTlsVersionMain() {}

  static void main(String[] args) throws IOException {
    Security.setProperty("jdk.tls.disabledAlgorithms", "");
    String version = args[1];
    shakeHands(serve(0, version), version);
    serve(Integer.parseInt(args[0]), version);
    ChildJvm.exitWithParent();
  }

  private static int serve(int port, String version) throws IOException {
    var listener =
        (SSLServerSocket)
            LocalTls.server()
                .getServerSocketFactory()
                .createServerSocket(port, 50, InetAddress.getLoopbackAddress());
    listener.setEnabledProtocols(new String[] {version});
    Thread.ofPlatform().daemon().start(() -> accept(listener));
    return listener.getLocalPort();
  }

  private static void accept(SSLServerSocket listener) {
    while (true) {
      try (var connection = (SSLSocket) listener.accept()) {
        answer(connection);
      } catch (IOException _) {
        // The client has refused the handshake or closed the connection.
      }
    }
  }

  private static void answer(SSLSocket connection) throws IOException {
    var request =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
    String line = request.readLine();
    while (line != null && !line.isEmpty()) {
      line = request.readLine();
    }
    byte[] signature = SIGNATURE.getBytes(StandardCharsets.UTF_8);
    connection
        .getOutputStream()
        .write(ConnectionHandlers.response(200, "Content-Type: text/plain\r\n", signature));
  }

  private static void shakeHands(int port, String version) throws IOException {
    try (var socket =
        (SSLSocket) LocalTls.client().getSocketFactory().createSocket("localhost", port)) {
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();
      if (!socket.getSession().getProtocol().equals(version)) {
        throw new IllegalStateException(socket.getSession().getProtocol());
      }
    }
  }
}
