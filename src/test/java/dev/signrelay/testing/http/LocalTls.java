package dev.signrelay.testing.http;

import dev.signrelay.priming.LoopbackTls;
import dev.signrelay.testing.http.RawServer.ConnectionHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/** TLS of servers named {@code localhost}, with the certificate of priming. */
public final class LocalTls {

  private static final LoopbackTls TLS = load();

  private LocalTls() {}

  private static LoopbackTls load() {
    try {
      return LoopbackTls.load();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a client that trusts these servers only. */
  public static SSLContext client() {
    return TLS.newClient();
  }

  /** Handles a connection after a TLS handshake. */
  public static ConnectionHandler secured(ConnectionHandler handler) {
    return connection -> handler.handle(connection.secured(TLS.server()));
  }
}
