package dev.signrelay.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate of this run for {@code localhost}.
 *
 * @param keys the key store; its password is {@value #PASSWORD}
 * @param trusted the JDK's own trust store and this certificate: a function reads as much of it as
 *     in Lambda
 */
record Certificate(Path keys, Path trusted) {

  private static final String PASSWORD = "benchmark";

  /** The JDK's own. */
  private static final String TRUST_PASSWORD = "changeit";

  static Certificate in(Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path keys = folder.resolve("localhost.p12").toAbsolutePath();
    Files.deleteIfExists(keys);
    Path home = Path.of(System.getProperty("java.home"));
    int status =
        new ProcessBuilder(
                home.resolve("bin/keytool").toString(),
                "-genkeypair",
                "-alias",
                "localhost",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                "2",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start()
            .waitFor();
    if (status != 0) {
      throw new IllegalStateException("keytool failed: see " + folder.resolve("keytool.log"));
    }
    KeyStore trust =
        KeyStore.getInstance(
            home.resolve("lib/security/cacerts").toFile(), TRUST_PASSWORD.toCharArray());
    trust.setCertificateEntry(
        "benchmark",
        KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray()).getCertificate("localhost"));
    Path trusted = folder.resolve("trusted").toAbsolutePath();
    try (var out = Files.newOutputStream(trusted)) {
      trust.store(out, TRUST_PASSWORD.toCharArray());
    }
    return new Certificate(keys, trusted);
  }

  /** For a server. */
  static SSLContext serverContext(Path keys) throws IOException, GeneralSecurityException {
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(
        KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }
}
