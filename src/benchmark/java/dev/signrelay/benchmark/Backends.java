package dev.signrelay.benchmark;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandlers;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.LocalEnvironment;
import dev.signrelay.local.QueueServer;
import dev.signrelay.local.Template;
import dev.signrelay.testing.TestTables;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * What the functions call: upstream and callback receiver over HTTPS and over HTTP, Secrets Manager
 * over HTTP, ElasticMQ and DynamoDB Local. They run in the benchmark's process, not in a
 * function's.
 */
final class Backends implements AutoCloseable {

  private static final String BIND = "127.0.0.1";
  private static final int BACKLOG = 1_000;
  private static final String SIGNATURE =
      "c2lnbmF0dXJlIG9mIGEgbWVzc2FnZSwgc2l4dHktZm91ciBjaGFyYWN0ZXJzLi4u";

  private static final String JSON = "application/x-amz-json-1.1";

  /** The response of Secrets Manager to every read. */
  private static final String SECRET =
      "{\"SecretString\":\"" + LocalEnvironment.UPSTREAM_KEY + "\"}";

  /** The password of the JDK's trust store. */
  private static final String PASSWORD = "changeit";

  /** RSA 2048 for localhost. The two properties keep a PKCS #12 store readable without password. */
  private static final String GENERATE_KEY =
      "-genkeypair -alias localhost -keyalg RSA -keysize 2048 -validity 2 -dname CN=localhost"
          + " -ext SAN=dns:localhost,ip:127.0.0.1"
          + " -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE"
          + " -J-Dkeystore.pkcs12.macAlgorithm=NONE";

  private final QueueServer sqs;
  private final DynamoDbServer dynamoDb;
  private final String jobTable;
  private final HttpServer http;
  private final HttpsServer https;
  private final Path store;

  /**
   * @param folder for the key store
   */
  Backends(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
    store = createStore(folder.toAbsolutePath());
    sqs = new QueueServer(BIND, 0, Template.read(), Duration.ofMinutes(15));
    dynamoDb = new DynamoDbServer(BIND, 0, Template.read());
    jobTable = TestTables.create(dynamoDb.client());
    http = HttpServer.create(new InetSocketAddress(BIND, 0), BACKLOG);
    https = HttpsServer.create(new InetSocketAddress(BIND, 0), BACKLOG);
    https.setHttpsConfigurator(new HttpsConfigurator(tls()));
    for (HttpServer server : List.of(http, https)) {
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/crypto/sign", Backends::sign);
      server.createContext("/callback", HttpHandlers.of(204, Headers.of(), ""));
      server.start();
    }
    // A shorter path than those of upstream and receiver.
    http.createContext("/", HttpHandlers.of(200, Headers.of("Content-Type", JSON), SECRET));
  }

  private static Path createStore(Path folder) throws IOException, InterruptedException {
    Path store = folder.resolve("store");
    Path jdk = Path.of(System.getProperty("java.home"));
    try (var cacerts = Files.newInputStream(jdk.resolve("lib/security/cacerts"))) {
      Files.copy(cacerts, store, StandardCopyOption.REPLACE_EXISTING);
    }
    List<String> command = new ArrayList<>(List.of(jdk.resolve("bin/keytool").toString()));
    command.addAll(List.of(GENERATE_KEY.split(" ")));
    command.addAll(
        List.of("-keystore", store.toString(), "-storepass", PASSWORD, "-keypass", PASSWORD));
    Path log = folder.resolve("keytool.log");
    var keytool = new ProcessBuilder(command).redirectErrorStream(true);
    if (keytool.redirectOutput(log.toFile()).start().waitFor() != 0) {
      throw new IllegalStateException("keytool failed: see " + log);
    }
    return store;
  }

  private SSLContext tls() throws IOException, GeneralSecurityException {
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    char[] password = PASSWORD.toCharArray();
    keys.init(KeyStore.getInstance(store.toFile(), password), password);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /**
   * The upstream. The message selects the response: {@code sign-N} returns a signature and {@code
   * fail-N} status 503, both after N ms. A suffix makes messages unique.
   */
  private static void sign(HttpExchange exchange) throws IOException {
    String[] words = exchange.getRequestURI().getQuery().split("[=-]");
    try {
      Thread.sleep(Long.parseLong(words[2]));
    } catch (InterruptedException _) {
      exchange.close();
      return;
    }
    var response =
        words[1].equals("fail")
            ? HttpHandlers.of(503, Headers.of(), "unavailable")
            : HttpHandlers.of(200, Headers.of("Content-Type", "text/plain"), SIGNATURE);
    response.handle(exchange);
  }

  /** Upstream and callback receiver. */
  URI https() {
    return URI.create("https://localhost:" + https.getAddress().getPort());
  }

  /** Upstream, callback receiver and Secrets Manager, without TLS. */
  URI http() {
    return URI.create("http://localhost:" + http.getAddress().getPort());
  }

  QueueServer sqs() {
    return sqs;
  }

  DynamoDbServer dynamoDb() {
    return dynamoDb;
  }

  /** A table with the key of the template's. */
  String jobTable() {
    return jobTable;
  }

  /** The JDK's trust store and the backends' key: as many certificates to read as in Lambda. */
  Path trustStore() {
    return store;
  }

  @Override
  public void close() {
    https.stop(0);
    http.stop(0);
    dynamoDb.close();
    sqs.close();
  }
}
