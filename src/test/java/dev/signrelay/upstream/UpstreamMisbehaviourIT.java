package dev.signrelay.upstream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.http.HttpClients;
import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.http.Network;
import dev.signrelay.job.Grant;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.secret.Secret;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.RefusingPort;
import dev.signrelay.testing.http.ServerFault;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class UpstreamMisbehaviourIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String KB = "s".repeat(1_024);

  private final HttpTransport http =
      new HttpTransport(HttpClients.create(Network.ofSystem(), "SignRelay/test"), new SystemTime());

  /** The first call loads classes, which may take longer than the short timeout. */
  @BeforeEach
  void warmUp() throws IOException {
    try (var upstream = RawServer.start(ConnectionHandlers.answers(200, "signature"))) {
      assertThat(sign(upstream.url(""), AMPLE)).isEqualTo(new Signed("signature"));
    }
  }

  @AfterEach
  void closeHttp() throws IOException {
    http.close();
  }

  @ParameterizedTest
  @EnumSource(ServerFault.class)
  @Timeout(5)
  void everyFaultIsAFailureInTimeAfterOneRequest(ServerFault misbehaviour) throws IOException {
    try (var upstream = RawServer.start(misbehaviour)) {
      assertThat(sign(upstream.url(""), TIMEOUT))
          .isEqualTo(new Failed(misbehaviour.cause().code(), null));
      await("the end of all connections")
          .atMost(30, SECONDS)
          .until(() -> upstream.openConnections() == 0);
      assertThat(upstream.requests()).hasSize(1);
      assertThat(upstream.connections()).isEqualTo(1);
    }
  }

  @Night
  @ParameterizedTest
  @EnumSource(
      value = ServerFault.class,
      mode = EnumSource.Mode.MATCH_NONE,
      names = "^.*(TRICKLES|NEVER|STOPS).*$")
  void aFaultThatIsVisibleBeforeTheDeadlineEndsTheCall(ServerFault misbehaviour)
      throws IOException {
    try (var upstream = RawServer.start(misbehaviour)) {
      assertEndsEarly(upstream, misbehaviour.cause().code());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK + "\r\n",
        OK + "Content-Length: 9000000000\r\n\r\n",
        OK + "Content-Type: application/octet-stream\r\n\r\n"
      })
  void anEndlessReplyIsNotReadToItsEnd(String head) throws IOException {
    try (var upstream = RawServer.start(ConnectionHandlers.floods(head, KB))) {
      assertEndsEarly(upstream, "oversized-body");
    }
  }

  @Test
  void endlessChunksAreNotReadToTheirEnd() throws IOException {
    String head = OK + "Transfer-Encoding: chunked\r\n\r\n";
    try (var upstream = RawServer.start(ConnectionHandlers.floods(head, "400\r\n" + KB + "\r\n"))) {
      assertEndsEarly(upstream, "oversized-body");
    }
  }

  @Test
  void afterAnEndlessReplyTheNextCallIsSigned() throws IOException {
    try (var upstream = RawServer.start(ConnectionHandlers.floods(OK + "\r\n", KB))) {
      assertEndsEarly(upstream, "oversized-body");
      upstream.handleWith(ConnectionHandlers.answers(200, "signature"));
      assertThat(sign(upstream.url(""), AMPLE)).isEqualTo(new Signed("signature"));
    }
  }

  @Test
  @Timeout(5)
  void aServerThatNeverAcceptsIsATimeout() throws IOException {
    try (var upstream = RawServer.neverAccepting()) {
      assertThat(sign(upstream.url(""), TIMEOUT)).isEqualTo(failed(Cause.TIMEOUT));
    }
  }

  @Test
  void aRefusedConnectionIsAConnectFailure() throws IOException {
    try (var port = new RefusingPort()) {
      assertThat(sign(port.url(), AMPLE)).isEqualTo(failed(Cause.CONNECT));
    }
  }

  @Test
  void aNameThatDoesNotResolveIsAnUnknownHost() {
    // A label of more than 63 characters is invalid, so no DNS query is sent.
    URI nowhere = URI.create("http://" + "x".repeat(64) + ".test");
    assertThat(sign(nowhere, AMPLE)).isEqualTo(failed(Cause.UNKNOWN_HOST));
  }

  @Test
  void aServerThatSpeaksPlainHttpWhereTlsIsExpectedIsATlsFailure() throws IOException {
    try (var upstream = RawServer.start(ConnectionHandlers.answersImmediately(OK + "\r\nplain"))) {
      assertThat(sign(upstream.tlsUrl(""), AMPLE)).isEqualTo(failed(Cause.TLS));
      assertThat(upstream.connections()).isEqualTo(1);
    }
  }

  @Test
  @Timeout(5)
  void aHandshakeThatNeverEndsIsATimeout() throws IOException {
    try (var upstream = RawServer.start(RawServer.Connection::awaitClose)) {
      assertThat(sign(upstream.tlsUrl(""), TIMEOUT)).isEqualTo(failed(Cause.TIMEOUT));
      await("the end of all connections")
          .atMost(30, SECONDS)
          .until(() -> upstream.openConnections() == 0);
    }
  }

  private void assertEndsEarly(RawServer upstream, String code) {
    long start = System.nanoTime();
    assertThat(sign(upstream.url(""), AMPLE)).isEqualTo(new Failed(code, null));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AMPLE.dividedBy(3));
    await("the end of all connections")
        .atMost(30, SECONDS)
        .until(() -> upstream.openConnections() == 0);
    assertThat(upstream.requests()).hasSize(1);
  }

  private SigningOutcome sign(URI baseUrl, Duration timeout) {
    return new HttpSigner(http, baseUrl, Secret.fixed(new ApiKey("key")), new SystemTime())
        .sign("message", timeout, new Grant("grant", Instant.EPOCH, Instant.MAX))
        .orElseThrow();
  }

  private static SigningOutcome failed(Cause cause) {
    return new Failed(cause.code(), null);
  }
}
