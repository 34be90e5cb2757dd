package dev.signrelay.benchmark;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.signrelay.benchmark.BackendMain.Addresses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Runs {@link BackendMain} in a separate process, so that it adds nothing to a function's cost. */
final class BackendProcess implements AutoCloseable {

  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  /** The password of the JDK's trust store. */
  private static final String PASSWORD = "changeit";

  /** RSA 2048 for localhost. A store in PKCS #12 stays readable without its password. */
  private static final String GENERATE_CERTIFICATE =
      "-J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE -J-Dkeystore.pkcs12.macAlgorithm=NONE"
          + " -genkeypair -alias localhost -keyalg RSA -keysize 2048 -validity 2"
          + " -dname CN=localhost -ext SAN=dns:localhost,ip:127.0.0.1"
          + (" -storepass " + PASSWORD + " -keypass " + PASSWORD);

  private final Path store;
  private final Process process;
  private final Addresses addresses;

  /**
   * @param folder for the key store and the logs
   */
  BackendProcess(Path folder) throws IOException, InterruptedException {
    store = createStore(folder);
    Path log = folder.resolve("backends.log");
    process =
        new ProcessBuilder(
                JAVA_HOME.resolve("bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dsun.net.httpserver.nodelay=true",
                "-Djavax.net.ssl.keyStore=" + store,
                "-Djavax.net.ssl.keyStorePassword=" + PASSWORD,
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                BackendMain.class.getName())
            .redirectError(log.toFile())
            .start();
    String json =
        process
            .inputReader(StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("{"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("The backends failed: see " + log));
    addresses = new JsonMapper().readValue(json, Addresses.class);
  }

  private static Path createStore(Path folder) throws IOException, InterruptedException {
    Path store = folder.resolve("store").toAbsolutePath();
    Path cacerts = JAVA_HOME.resolve("lib/security/cacerts");
    Files.copy(cacerts.toRealPath(), store, StandardCopyOption.REPLACE_EXISTING);
    store.toFile().setWritable(true);
    List<String> command = new ArrayList<>();
    command.add(JAVA_HOME.resolve("bin/keytool").toString());
    command.addAll(List.of(GENERATE_CERTIFICATE.split(" ")));
    command.addAll(List.of("-keystore", store.toString()));
    Path log = folder.resolve("keytool.log");
    if (new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor()
        != 0) {
      throw new IllegalStateException("keytool failed: see " + log);
    }
    return store;
  }

  Addresses addresses() {
    return addresses;
  }

  /**
   * The JDK's trust store plus the backends' certificate: a function reads as many certificates as
   * in Lambda.
   */
  Path trustStore() {
    return store;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
