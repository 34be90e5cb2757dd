package dev.signrelay.priming;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;

/**
 * An HTTPS server on the loopback interface. Only clients that trust its {@linkplain LoopbackTls
 * certificate} can use it.
 */
final class LoopbackServer implements AutoCloseable {

  private final LoopbackTls tls;
  private final HttpsServer server;

  private LoopbackServer(LoopbackTls tls, HttpsServer server) {
    this.tls = tls;
    this.server = server;
  }

  /**
   * Starts a server on a free port.
   *
   * @throws IOException if no port is free or the certificate cannot be read
   */
  static LoopbackServer start(HttpHandler handler) throws IOException {
    LoopbackTls tls;
    try {
      tls = LoopbackTls.load();
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificate of the loopback server cannot be read", e);
    }
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.setHttpsConfigurator(new HttpsConfigurator(tls.server()));
    // A client that times out in the middle of a request must not delay the next one.
    server.setExecutor(task -> Thread.ofPlatform().daemon().name("loopback").start(task));
    server.createContext("/", handler);
    server.start();
    return new LoopbackServer(tls, server);
  }

  URI url() {
    return URI.create("https://localhost:" + server.getAddress().getPort());
  }

  LoopbackTls tls() {
    return tls;
  }

  /** Stops the server and closes all connections: a snapshot must not have one. */
  @Override
  public void close() {
    server.stop(0);
  }
}
