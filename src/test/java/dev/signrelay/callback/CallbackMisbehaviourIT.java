package dev.signrelay.callback;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.http.HttpClients;
import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.http.Network;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.testing.FixedCallbackKeys;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.DelayedDnsResolver;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.RefusingPort;
import dev.signrelay.testing.http.ServerFault;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
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
final class CallbackMisbehaviourIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final String KB = "x".repeat(1_024);

  private static final Set<ServerFault> AFTER_THE_STATUS =
      EnumSet.of(
          ServerFault.CLOSES_IN_THE_BODY,
          ServerFault.RESETS_IN_THE_BODY,
          ServerFault.CLOSES_IN_A_CHUNK,
          ServerFault.CLOSES_BEFORE_THE_LAST_CHUNK,
          ServerFault.STOPS_IN_THE_BODY,
          ServerFault.NEVER_ENDS_ITS_BODY,
          ServerFault.TRICKLES_BODY,
          ServerFault.TRICKLES_CHUNKS,
          ServerFault.ANSWERS_A_BAD_CHUNK);

  private final HttpTransport http =
      new HttpTransport(HttpClients.create(Network.ofSystem(), "SignRelay/test"), new SystemTime());
  private final RawServer receiver = RawServer.start(ConnectionHandlers.answers(204, ""));

  /** The first call loads classes, which may take longer than the short timeout. */
  @BeforeEach
  void warmUp() throws IOException {
    try (var other = RawServer.start(ConnectionHandlers.answers(204, ""))) {
      assertThat(deliver(other, AMPLE)).isEqualTo(new Delivered("http-204"));
    }
  }

  @AfterEach
  void closeBoth() throws IOException {
    http.close();
    receiver.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {4_095, 4_096, 4_097, 100_000, 5_000_000})
  void aLongReplyDoesNotChangeTheOutcome(int length) {
    receiver.handleWith(ConnectionHandlers.answers(200, "x".repeat(length)));
    assertThat(deliver(AMPLE)).isEqualTo(new Delivered("http-200"));
    assertThat(receiver.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Content-Length: 9000000000\r\n"})
  void anEndlessReplyIsNotReadToItsEnd(String headers) {
    receiver.handleWith(ConnectionHandlers.floods("HTTP/1.1 200 OK\r\n" + headers + "\r\n", KB));
    long start = System.nanoTime();
    assertThat(deliver(AMPLE)).isEqualTo(new Delivered("http-200"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AMPLE.dividedBy(3));
    await("the end of all connections")
        .atMost(30, SECONDS)
        .until(() -> receiver.openConnections() == 0);
  }

  @ParameterizedTest
  @EnumSource(
      value = ServerFault.class,
      mode = EnumSource.Mode.MATCH_ANY,
      names = ServerFault.TYPICAL)
  @Timeout(5)
  void aFaultyReplyWithoutAStatusIsUndeliveredInTimeAfterOnePost(ServerFault misbehaviour) {
    requireOnePostInTime(misbehaviour);
  }

  @Night
  @ParameterizedTest
  @EnumSource(
      value = ServerFault.class,
      mode = EnumSource.Mode.MATCH_NONE,
      names = ServerFault.TYPICAL)
  @Timeout(5)
  void everyOtherFaultEndsInTimeAfterOnePost(ServerFault misbehaviour) {
    requireOnePostInTime(misbehaviour);
  }

  private void requireOnePostInTime(ServerFault misbehaviour) {
    receiver.handleWith(misbehaviour);
    assertThat(deliver(TIMEOUT))
        .isEqualTo(
            AFTER_THE_STATUS.contains(misbehaviour)
                ? new Delivered("http-200")
                : new Undelivered(misbehaviour.cause().code(), null));
    await("the end of all connections")
        .atMost(30, SECONDS)
        .until(() -> receiver.openConnections() == 0);
    assertThat(receiver.requests()).hasSize(1);
  }

  @Test
  void aReceiverThatRefusesTheConnectionIsUndelivered() throws IOException {
    try (var port = new RefusingPort()) {
      assertThat(deliver(port.url(), AMPLE)).isEqualTo(undelivered(Cause.CONNECT));
    }
  }

  @Test
  void aNameThatDoesNotResolveIsUndelivered() {
    // A label of more than 63 characters is invalid, so no DNS query is sent.
    assertThat(deliver(URI.create("https://" + "x".repeat(64) + ".test/hook"), AMPLE))
        .isEqualTo(undelivered(Cause.UNKNOWN_HOST));
  }

  @Test
  @Timeout(5)
  void aNameThatResolvesSlowlyIsUndeliveredInTime() throws IOException {
    var late = new DelayedDnsResolver();
    try (var named =
        new HttpTransport(
            HttpClients.create(Network.ofSystem().withNames(late), "SignRelay/test"),
            new SystemTime())) {
      assertThat(deliver(named, URI.create("https://late.test/hook"), TIMEOUT))
          .isEqualTo(undelivered(Cause.TIMEOUT));
    } finally {
      late.release();
    }
  }

  @Test
  void aReceiverThatSpeaksPlainHttpWhereTlsIsExpectedIsUndelivered() {
    receiver.handleWith(ConnectionHandlers.answersImmediately("HTTP/1.1 204 No Content\r\n\r\n"));
    assertThat(deliver(receiver.tlsUrl("/hook"), AMPLE)).isEqualTo(undelivered(Cause.TLS));
    assertThat(receiver.connections()).isEqualTo(1);
  }

  @Test
  @Timeout(5)
  void aHandshakeThatNeverEndsIsUndeliveredInTime() {
    receiver.handleWith(RawServer.Connection::awaitClose);
    assertThat(deliver(receiver.tlsUrl("/hook"), TIMEOUT)).isEqualTo(undelivered(Cause.TIMEOUT));
    await("the end of all connections")
        .atMost(30, SECONDS)
        .until(() -> receiver.openConnections() == 0);
  }

  private static Undelivered undelivered(Cause cause) {
    return new Undelivered(cause.code(), null);
  }

  private DeliveryOutcome deliver(Duration timeout) {
    return deliver(receiver, timeout);
  }

  private DeliveryOutcome deliver(RawServer to, Duration timeout) {
    return deliver(to.url("/hook"), timeout);
  }

  private DeliveryOutcome deliver(URI url, Duration timeout) {
    return deliver(http, url, timeout);
  }

  private static DeliveryOutcome deliver(HttpTransport through, URI url, Duration timeout) {
    return new HttpCallbackSender(
            through, new SystemTime(), FixedCallbackKeys.of(WebhookSecrets.NONE))
        .deliver(url, "job-1", "signature", timeout);
  }
}
