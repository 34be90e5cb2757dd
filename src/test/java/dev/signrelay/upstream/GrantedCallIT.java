package dev.signrelay.upstream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.http.HttpClients;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.http.Network;
import dev.signrelay.job.Grant;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.secret.Secret;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.LocalTls;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.RawServer.ConnectionHandler;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A call connects before its grant begins, and is sent while its grant is valid or not at all. */
@Timeout(60)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class GrantedCallIT {

  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Duration VALIDITY = Duration.ofSeconds(1);
  private static final ConnectionHandler ANSWERS = ConnectionHandlers.answers(200, "signature");

  private final HttpTransport http =
      new HttpTransport(
          HttpClients.create(Network.ofSystem().withTls(LocalTls.client()), "SignRelay/test"),
          new SystemTime());
  private final RawServer upstream = RawServer.start(LocalTls.secured(ANSWERS));
  private final BlockingQueue<Instant> connected = new LinkedBlockingQueue<>();
  private final BlockingQueue<Instant> requested = new LinkedBlockingQueue<>();

  /** The first call loads classes, which takes longer than a grant is valid. */
  @BeforeEach
  void warmUp() {
    assertThat(sign(AMPLE, grant(Instant.now(), AMPLE))).contains(new Signed("signature"));
    upstream.requests().clear();
    upstream.handleWith(timed(LocalTls.secured(this::answer)));
  }

  @AfterEach
  void closeUpstream() throws IOException {
    upstream.close();
  }

  @Test
  void theRequestIsSentWhenTheGrantBeginsAndNotBefore() {
    Instant from = Instant.now().plusSeconds(1);

    assertThat(sign(AMPLE, grant(from, VALIDITY))).contains(new Signed("signature"));

    assertThat(connected).singleElement().satisfies(at -> assertThat(at).isBefore(from));
    assertThat(requested)
        .singleElement()
        .satisfies(at -> assertThat(at).isBetween(from, from.plus(VALIDITY)));
  }

  @Test
  void anUpstreamThatTakesLongToConnectToIsCalledWhenTheGrantBegins() {
    Instant from = Instant.now().plusSeconds(2);
    upstream.handleWith(
        ConnectionHandlers.after(Duration.ofMillis(1_500), LocalTls.secured(this::answer)));

    assertThat(sign(AMPLE, grant(from, VALIDITY))).contains(new Signed("signature"));

    assertThat(requested)
        .singleElement()
        .satisfies(at -> assertThat(at).isBetween(from, from.plus(VALIDITY)));
  }

  @Test
  void nothingIsSentOnAConnectionThatIsEstablishedAfterTheGrant() {
    Grant grant = grant(Instant.now(), Duration.ofMillis(300));
    upstream.handleWith(
        ConnectionHandlers.after(Duration.ofMillis(600), LocalTls.secured(this::answer)));

    assertThat(sign(AMPLE, grant)).isEmpty();

    await("the end of all connections")
        .atMost(30, SECONDS)
        .until(() -> upstream.openConnections() == 0);
    assertThat(upstream.requests()).isEmpty();
  }

  @Test
  void aCallWhoseTimeEndsBeforeItsGrantBeginsSendsNothing() {
    Grant grant = grant(Instant.now().plusSeconds(20), VALIDITY);

    assertThat(sign(Duration.ofMillis(500), grant)).contains(new Failed("timeout", null));

    await("the end of all connections")
        .atMost(30, SECONDS)
        .until(() -> upstream.openConnections() == 0);
    assertThat(upstream.requests()).isEmpty();
  }

  private ConnectionHandler timed(ConnectionHandler handler) {
    return connection -> {
      connected.add(Instant.now());
      handler.handle(connection);
    };
  }

  private void answer(RawServer.Connection connection) throws IOException {
    connection.readRequest();
    requested.add(Instant.now());
    connection.write(
        ConnectionHandlers.response(200, "", "signature".getBytes(StandardCharsets.UTF_8)));
  }

  private static Grant grant(Instant from, Duration validity) {
    return new Grant("grant", from, from.plus(validity));
  }

  private Optional<SigningOutcome> sign(Duration timeout, Grant grant) {
    return new HttpSigner(
            http, upstream.trustedUrl(""), Secret.fixed(new ApiKey("key")), new SystemTime())
        .sign("message", timeout, grant);
  }
}
