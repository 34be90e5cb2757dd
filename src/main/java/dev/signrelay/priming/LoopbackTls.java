package dev.signrelay.priming;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS within this process.
 *
 * @param server presents a certificate for {@code localhost}
 * @param trust accepts only certificates under the root {@code ca}
 */
public record LoopbackTls(SSLContext server, TrustManager[] trust) {

  private static final char[] PASSWORD = "loopback".toCharArray();

  public static LoopbackTls load() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = LoopbackTls.class.getResourceAsStream("loopback.p12")) {
      keys.load(file, PASSWORD);
    }
    // Only the root: a certificate that is itself trusted would not be validated.
    KeyStore issuer = KeyStore.getInstance("PKCS12");
    issuer.load(null, null);
    issuer.setCertificateEntry("ca", keys.getCertificate("ca"));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(issuer);
    var identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    identity.init(keys, PASSWORD);
    SSLContext server = SSLContext.getInstance("TLS");
    server.init(identity.getKeyManagers(), null, null);
    return new LoopbackTls(server, trust.getTrustManagers());
  }

  /** A client without sessions: its first handshake is a complete one, as after a restore. */
  public SSLContext newClient() {
    try {
      SSLContext client = SSLContext.getInstance("TLS");
      client.init(null, trust, null);
      return client;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS is not available", e);
    }
  }
}
