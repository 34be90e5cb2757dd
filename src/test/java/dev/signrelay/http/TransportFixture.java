package dev.signrelay.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.http.HttpResult.Reply;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.RawServer.ConnectionHandler;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.AfterEach;

/** A transport, and a server that answers each request until a test replaces its handler. */
abstract class TransportFixture {

  static final Duration AMPLE = Duration.ofSeconds(30);
  static final ConnectionHandler ANSWERS = ConnectionHandlers.answers(200, "fine");

  final HttpTransport http = transport(Network.ofSystem());
  final RawServer server = RawServer.start(ANSWERS);

  @AfterEach
  void closeServer() throws IOException {
    server.close();
  }

  static HttpTransport transport(Network network) {
    return transport(network, _ -> true);
  }

  static HttpTransport transport(Network network, Predicate<InetAddress> allowed) {
    return new HttpTransport(
        HttpClients.create(network, allowed, "SignRelay/test"), new SystemTime());
  }

  static Network resolving(DnsResolver names) {
    return new Network(names, Network.ofSystem().tls());
  }

  HttpResult execute(URI url, Duration timeout) {
    return http.execute(get(url, timeout));
  }

  static HttpCall get(URI url, Duration timeout) {
    return new HttpCall(url, Map.of(), null, timeout, 1_024, () -> true);
  }

  static String text(HttpResult result) {
    assertThat(result).isInstanceOf(Reply.class);
    return new String(((Reply) result).body(), StandardCharsets.UTF_8);
  }

  void awaitTheEndOfAllConnections() {
    await("the end of all connections")
        .atMost(30, SECONDS)
        .until(() -> server.openConnections() == 0);
  }
}
