package dev.signrelay.callback;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.callback.DeliveryOutcome.Delivered;
import dev.signrelay.callback.DeliveryOutcome.Undelivered;
import dev.signrelay.http.Behaviours;
import dev.signrelay.http.HttpClients;
import dev.signrelay.http.HttpExchange;
import dev.signrelay.http.Misbehaviour;
import dev.signrelay.http.Network;
import dev.signrelay.http.RawServer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class CallbackMisbehaviourIT {

  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final String KB = "x".repeat(1_024);

  private static final Set<Misbehaviour> AFTER_THE_STATUS =
      EnumSet.of(
          Misbehaviour.CLOSES_IN_THE_BODY,
          Misbehaviour.RESETS_IN_THE_BODY,
          Misbehaviour.CLOSES_IN_A_CHUNK,
          Misbehaviour.CLOSES_BEFORE_THE_LAST_CHUNK,
          Misbehaviour.STOPS_IN_THE_BODY,
          Misbehaviour.NEVER_ENDS_ITS_BODY,
          Misbehaviour.TRICKLES_BODY,
          Misbehaviour.TRICKLES_CHUNKS,
          Misbehaviour.ANSWERS_A_BAD_CHUNK);

  private final HttpExchange http =
      new HttpExchange(HttpClients.create(Network.ofSystem(), "SignRelay/test"));
  private final RawServer receiver = RawServer.start(Behaviours.answers(204, ""));

  /** The first call loads classes, which may take longer than the short timeout. */
  @BeforeEach
  void warmUp() throws IOException {
    try (var other = RawServer.start(Behaviours.answers(204, ""))) {
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
  void aLongReplyIsDeliveredAllTheSame(int length) {
    receiver.become(Behaviours.answers(200, "x".repeat(length)));
    assertThat(deliver(AMPLE)).isEqualTo(new Delivered("http-200"));
    assertThat(receiver.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Content-Length: 9000000000\r\n"})
  void anEndlessReplyIsNotReadToItsEnd(String headers) {
    receiver.become(Behaviours.floods("HTTP/1.1 200 OK\r\n" + headers + "\r\n", KB));
    long start = System.nanoTime();
    assertThat(deliver(AMPLE)).isEqualTo(new Delivered("http-200"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AMPLE.dividedBy(3));
    await().atMost(5, SECONDS).until(() -> receiver.openConnections() == 0);
  }

  @ParameterizedTest
  @EnumSource(Misbehaviour.class)
  @Timeout(5)
  void aMisbehaviourIsUndeliveredUnlessTheStatusCameAndEndsInTimeAfterOnePost(
      Misbehaviour misbehaviour) {
    receiver.become(misbehaviour);
    assertThat(deliver(Duration.ofMillis(300)))
        .isEqualTo(
            AFTER_THE_STATUS.contains(misbehaviour)
                ? new Delivered("http-200")
                : new Undelivered(misbehaviour.cause().code(), null));
    await().atMost(4, SECONDS).until(() -> receiver.openConnections() == 0);
    assertThat(receiver.requests()).hasSize(1);
  }

  private DeliveryOutcome deliver(Duration timeout) {
    return deliver(receiver, timeout);
  }

  private DeliveryOutcome deliver(RawServer to, Duration timeout) {
    return new HttpCallbackSender(http, InstantSource.system(), WebhookSecrets.NONE)
        .deliver(to.url("/hook"), "job-1", "signature", timeout);
  }
}
