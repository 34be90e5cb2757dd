package dev.signrelay.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.http.HttpResult.Reply;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.LocalTls;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.RawServer.ConnectionHandler;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class HttpTransportIT {

  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final ConnectionHandler ANSWERS = ConnectionHandlers.answers(200, "fine");

  private final HttpTransport http = transport(Network.ofSystem());
  private final RawServer server = RawServer.start(ANSWERS);

  @AfterEach
  void closeBoth() throws IOException {
    http.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({"1, fine", "16, fine", "17,"})
  void upTo16InterimResponsesMayPrecedeTheReply(int interim, @Nullable String text) {
    String hints = "HTTP/1.1 103 Hints\r\nX-Y: z\r\n\r\n".repeat(interim);
    server.handleWith(
        ConnectionHandlers.writes(hints + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"));
    HttpResult result = http.execute(get(server.url("/"), AMPLE));
    if (text == null) {
      assertThat(result).isEqualTo(new NoReply(Cause.MALFORMED));
    } else {
      assertThat(text(result)).isEqualTo(text);
    }
  }

  @Test
  void aRequestIsNotSentAfterItsSendDeadline() {
    var call = new HttpCall(server.url("/"), Map.of(), null, AMPLE, 1_024, () -> isSendAllowed());

    assertThat(http.execute(call)).isEqualTo(new NoReply(Cause.TOO_LATE));

    await("the end of all connections")
        .atMost(30, SECONDS)
        .until(() -> server.openConnections() == 0);
    assertThat(server.connections()).isEqualTo(1);
    assertThat(server.requests()).isEmpty();
  }

  /** Called only after the connection was established. */
  private boolean isSendAllowed() {
    await("a connection").atMost(30, SECONDS).until(() -> server.connections() == 1);
    return false;
  }

  /** An address has a third of the timeout to accept the connection, but not for the handshake. */
  @Test
  void aHandshakeMayTakeLongerThanConnecting() throws IOException {
    Duration timeout = Duration.ofSeconds(3);
    server.handleWith(ConnectionHandlers.after(timeout.dividedBy(2), LocalTls.secured(ANSWERS)));
    try (var trusting = transport(Network.ofSystem().withTls(LocalTls.client()))) {
      assertThat(text(trusting.execute(get(server.trustedUrl("/"), timeout)))).isEqualTo("fine");
    }
  }

  @Test
  void eachCallUsesAndClosesItsOwnConnection() {
    assertThat(text(http.execute(get(server.url("/1"), AMPLE)))).isEqualTo("fine");
    assertThat(text(http.execute(get(server.url("/2"), AMPLE)))).isEqualTo("fine");
    assertThat(server.connections()).isEqualTo(2);
    assertThat(server.requests()).hasSize(2);
    assertThat(server.requests().getFirst().header("Connection")).isEqualTo("close");
    await("the end of all connections")
        .atMost(30, SECONDS)
        .until(() -> server.openConnections() == 0);
  }

  @Test
  void aServerThatClosesAfterAReplyWithoutNoticeCausesNoFailureAndNoSecondRequest() {
    server.handleWith(ConnectionHandlers.answersThen("fine", _ -> {}));
    for (int i = 0; i < 20; i++) {
      assertThat(text(http.execute(get(server.url("/"), AMPLE)))).isEqualTo("fine");
    }
    assertThat(server.requests()).hasSize(20);
  }

  @Test
  void dataAfterAReplyIsNotReadAsTheReplyToTheNextCall() {
    server.handleWith(
        connection -> {
          while (true) {
            byte[] line = connection.readRequest().line().getBytes(StandardCharsets.UTF_8);
            connection.write(ConnectionHandlers.response(200, "", line));
            connection.write(
                ConnectionHandlers.response(
                    200, "", "unexpected".getBytes(StandardCharsets.UTF_8)));
          }
        });
    assertThat(text(http.execute(get(server.url("/1"), AMPLE)))).isEqualTo("GET /1 HTTP/1.1");
    assertThat(text(http.execute(get(server.url("/2"), AMPLE)))).isEqualTo("GET /2 HTTP/1.1");
  }

  private static HttpTransport transport(Network network) {
    return new HttpTransport(HttpClients.create(network, "SignRelay/test"), new SystemTime());
  }

  private static HttpCall get(URI url, Duration timeout) {
    return new HttpCall(url, Map.of(), null, timeout, 1_024);
  }

  private static String text(HttpResult result) {
    assertThat(result).isInstanceOf(Reply.class);
    return new String(((Reply) result).body(), StandardCharsets.UTF_8);
  }
}
