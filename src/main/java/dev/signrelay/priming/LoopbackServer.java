package dev.signrelay.priming;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * A server on the loopback interface, with HTTPS and with HTTP. Only clients that trust its
 * {@linkplain LoopbackTls certificate} can use HTTPS.
 */
final class LoopbackServer implements AutoCloseable {

  private final LoopbackTls tls;
  private final HttpsServer https;
  private final HttpServer http;

  private LoopbackServer(LoopbackTls tls, HttpsServer https, HttpServer http) {
    this.tls = tls;
    this.https = https;
    this.http = http;
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
    // Otherwise small packets wait for the client's delayed acknowledgment (Nagle's algorithm).
    System.setProperty("sun.net.httpserver.nodelay", "true");
    var freePort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpsServer https = HttpsServer.create(freePort, 16);
    https.setHttpsConfigurator(new HttpsConfigurator(tls.server()));
    HttpServer http = HttpServer.create(freePort, 16);
    for (HttpServer server : List.of(https, http)) {
      // A client that times out in the middle of a request must not delay the next one.
      server.setExecutor(task -> Thread.ofPlatform().daemon().name("loopback").start(task));
      server.createContext("/", handler);
      server.start();
    }
    return new LoopbackServer(tls, https, http);
  }

  URI url() {
    return URI.create("https://localhost:" + https.getAddress().getPort());
  }

  /** Where credentials are read, as from the endpoint that Lambda provides with SnapStart. */
  URI credentialsUrl() {
    return URI.create("http://localhost:" + http.getAddress().getPort() + "/credentials");
  }

  /**
   * Without HTTPS, and with another host than {@link #credentialsUrl()}: for a host with a kept
   * connection, the JDK keeps all others, whatever timeout the server states.
   */
  URI addressUrl() {
    InetSocketAddress address = http.getAddress();
    return URI.create(
        "http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/");
  }

  LoopbackTls tls() {
    return tls;
  }

  /** Stops the server and closes all connections: a snapshot must not contain one. */
  @Override
  public void close() {
    https.stop(0);
    http.stop(0);
  }
}
