package dev.signrelay.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.http.HttpResult.Reply;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.FakeDnsResolver;
import dev.signrelay.testing.http.LocalTls;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.RefusingPort;
import dev.signrelay.testing.http.ServerFault;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls, and servers that misbehave in every way. {@link HttpDeadlineIT} tests what outlives one.
 */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class HttpTransportIT extends TransportFixture {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String KB = "s".repeat(1_024);

  /** The first call loads classes, which may take longer than the short timeout. */
  @BeforeEach
  void warmUp() throws IOException {
    try (var other = RawServer.start(ANSWERS)) {
      assertThat(text(execute(other.url("/"), AMPLE))).isEqualTo("fine");
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(5)
  void everyFaultEndsTheCallInTimeAfterOneRequest(ServerFault fault) {
    server.handleWith(fault);

    assertThat(execute(server.url("/"), TIMEOUT)).isEqualTo(fault.result());

    awaitTheEndOfAllConnections();
    assertThat(server.requests()).hasSize(1);
    assertThat(server.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK + "\r\n",
        OK + "Content-Length: 9000000000\r\n\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\n"
      })
  void anEndlessReplyIsNotReadToItsEndAndTheNextCallIsAnswered(String head) {
    String more = head.contains("chunked") ? "400\r\n" + KB + "\r\n" : KB;
    server.handleWith(ConnectionHandlers.floods(head, more));

    assertThat(execute(server.url("/"), AMPLE))
        .isInstanceOfSatisfying(Reply.class, reply -> assertThat(reply.truncated()).isTrue());
    awaitTheEndOfAllConnections();

    server.handleWith(ANSWERS);
    assertThat(text(execute(server.url("/"), AMPLE))).isEqualTo("fine");
  }

  @Test
  void aServerThatCannotBeConnectedToHasACause() throws IOException {
    try (var silent = RawServer.neverAccepting();
        var refusing = new RefusingPort()) {
      assertThat(execute(silent.url("/"), TIMEOUT)).isEqualTo(new NoReply(Cause.TIMEOUT, null));
      assertThat(execute(refusing.url(), AMPLE)).isEqualTo(new NoReply(Cause.CONNECT, null));
    }
    // A label of more than 63 characters is invalid, so no DNS query is sent.
    assertThat(execute(URI.create("http://" + "x".repeat(64) + ".test"), AMPLE))
        .isEqualTo(new NoReply(Cause.UNKNOWN_HOST, null));
  }

  /** On Linux every address of 127.0.0.0/8 is this machine's. */
  @Test
  void anAddressThatAcceptsNoConnectionIsFollowedByTheNextOne() throws IOException {
    var names = new FakeDnsResolver("127.0.0.1 127.0.0.2");
    HttpTransport other = transport(resolving(names));
    try (var dead = RawServer.neverAccepting()) {
      int port = dead.url("").getPort();
      var second = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), port);
      try (var alive = RawServer.startAt(second, ANSWERS)) {
        URI url = URI.create("http://two-addresses.example:" + port);
        assertThat(text(other.execute(get(url, Duration.ofSeconds(6))))).isEqualTo("fine");
        assertThat(alive.requests()).hasSize(1);
      } catch (UncheckedIOException _) {
        abort("127.0.0.2 is not an address of this machine");
      }
    }
  }

  @Test
  void aServerThatSpeaksPlainHttpOrHasAnUntrustedCertificateIsATlsFailure() {
    server.handleWith(ConnectionHandlers.answersImmediately(OK + "\r\nplain"));
    assertThat(execute(server.tlsUrl("/"), AMPLE)).isEqualTo(new NoReply(Cause.TLS, null));
    server.handleWith(LocalTls.secured(ANSWERS));
    assertThat(execute(server.trustedUrl("/"), AMPLE)).isEqualTo(new NoReply(Cause.TLS, null));

    assertThat(server.connections()).isEqualTo(2);
    assertThat(server.requests()).isEmpty();
  }

  /** The extension 43 of a ClientHello, with the versions 0304 and 0303 (RFC 8446, 4.2.1). */
  @Test
  void onlyTls13AndTls12AreOffered() throws IOException {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      URI url = URI.create("https://localhost:" + listener.getLocalPort());
      threads.execute(() -> execute(url, AMPLE));
      try (Socket connection = listener.accept()) {
        var in = new DataInputStream(connection.getInputStream());
        in.skipNBytes(3);
        byte[] hello = in.readNBytes(in.readUnsignedShort());

        assertThat(HexFormat.of().formatHex(hello)).contains("002b" + "0005" + "04" + "03040303");
      }
    }
  }

  @Test
  void aHandshakeThatNeverEndsIsATimeout() {
    server.handleWith(RawServer.Connection::awaitClose);

    assertThat(execute(server.tlsUrl("/"), TIMEOUT)).isEqualTo(new NoReply(Cause.TIMEOUT, null));
    awaitTheEndOfAllConnections();
  }

  /** An address has a third of the timeout to accept the connection, but not for the handshake. */
  @Test
  void aHandshakeMayTakeLongerThanConnecting() {
    Duration timeout = Duration.ofSeconds(3);
    server.handleWith(ConnectionHandlers.after(timeout.dividedBy(2), LocalTls.secured(ANSWERS)));
    HttpTransport trusting = transport(Network.ofSystem().withTls(LocalTls.client()));

    assertThat(text(trusting.execute(get(server.trustedUrl("/"), timeout)))).isEqualTo("fine");
  }

  @ParameterizedTest
  @CsvSource({"1, true", "16, true", "17, false"})
  void upTo16InterimResponsesMayPrecedeTheReply(int interim, boolean isAllowed) {
    String hints = "HTTP/1.1 103 Hints\r\nX-Y: z\r\n\r\n".repeat(interim);
    server.handleWith(ConnectionHandlers.writes(hints + OK + "Content-Length: 4\r\n\r\nfine"));

    HttpResult result = execute(server.url("/"), AMPLE);

    assertThat(isAllowed ? text(result) : result)
        .isEqualTo(isAllowed ? "fine" : new NoReply(Cause.MALFORMED, null));
  }

  @Test
  void aRequestIsNotSentAfterItsSendDeadline() {
    var call = new HttpCall(server.url("/"), Map.of(), null, AMPLE, 1_024, () -> isSendAllowed());

    assertThat(http.execute(call)).isEqualTo(new NoReply(Cause.TOO_LATE, null));

    awaitTheEndOfAllConnections();
    assertThat(server.connections()).isEqualTo(1);
    assertThat(server.requests()).isEmpty();
  }

  /** Called only after the connection was established. */
  private boolean isSendAllowed() {
    await("a connection").atMost(30, SECONDS).until(() -> server.connections() == 1);
    return false;
  }

  @Test
  void eachCallUsesAndClosesItsOwnConnectionAndKeepsNoCookie() {
    byte[] body = "fine".getBytes(StandardCharsets.UTF_8);
    server.handleWith(ConnectionHandlers.answers(200, "Set-Cookie: a=b\r\n", body));

    assertThat(text(execute(server.url("/1"), AMPLE))).isEqualTo("fine");
    assertThat(text(execute(server.url("/2"), AMPLE))).isEqualTo("fine");

    assertThat(server.connections()).isEqualTo(2);
    assertThat(server.requests()).hasSize(2);
    assertThat(server.requests().getFirst().header("Connection")).isEqualTo("close");
    assertThat(server.requests().getLast().headerNames()).doesNotContain("cookie");
    awaitTheEndOfAllConnections();
  }
}
