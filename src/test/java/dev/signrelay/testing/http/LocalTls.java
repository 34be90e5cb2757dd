package dev.signrelay.testing.http;

import dev.signrelay.testing.http.RawServer.ConnectionHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** TLS of servers named {@code localhost}, with the certificate of priming. */
public final class LocalTls {

  private static final char[] PASSWORD = "loopback".toCharArray();
  private static final KeyStore KEYS = keys();

  private LocalTls() {}

  /** Of a client that trusts these servers only. */
  public static SSLContext client() {
    try {
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(issuer());
      return context(null, trust.getTrustManagers());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KeyStore issuer() throws GeneralSecurityException, IOException {
    KeyStore issuer = KeyStore.getInstance("PKCS12");
    issuer.load(null, null);
    issuer.setCertificateEntry("ca", KEYS.getCertificate("ca"));
    return issuer;
  }

  /** Handles a connection after a TLS handshake. */
  public static ConnectionHandler secured(ConnectionHandler handler) {
    SSLContext server = server();
    return connection -> handler.handle(connection.secured(server));
  }

  static SSLContext server() {
    try {
      var identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      identity.init(KEYS, PASSWORD);
      return context(identity.getKeyManagers(), null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SSLContext context(KeyManager[] identity, TrustManager[] trust)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(identity, trust, null);
    return context;
  }

  private static KeyStore keys() {
    try (InputStream file =
        LocalTls.class.getResourceAsStream("/dev/signrelay/priming/loopback.p12")) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(file, PASSWORD);
      return keys;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
