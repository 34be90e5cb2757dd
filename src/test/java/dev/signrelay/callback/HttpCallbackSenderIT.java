package dev.signrelay.callback;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.signrelay.http.HttpClients;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.http.Network;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.secret.Secret;
import dev.signrelay.testing.FakeSecret;
import dev.signrelay.testing.FixedCallbackKeys;
import dev.signrelay.testing.TestDestinations;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.RecordedRequest;
import dev.signrelay.testing.http.RefusingPort;
import dev.signrelay.testing.http.ServerFault;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpCallbackSenderIT {

  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-23T10:00:00.999Z"));

  private final HttpTransport http =
      new HttpTransport(
          HttpClients.create(Network.ofSystem(), _ -> true, "SignRelay/1.2.3"), new SystemTime());
  private final RawServer receiver = RawServer.start(ConnectionHandlers.answers(204, ""));

  @AfterEach
  void closeReceiver() throws IOException {
    receiver.close();
  }

  @Test
  void aDeliveryIsOnePostOfTheResultBody() {
    assertThat(deliver("/hook")).isEqualTo(new Delivered("http-204"));
    RecordedRequest request = onlyRequest();
    assertThat(request.line()).isEqualTo("POST /hook HTTP/1.1");
    assertThat(text(request)).isEqualTo("{\"success\":true,\"data\":\"c2ln+/=\"}");
    assertThat(request.header("Content-Type")).startsWith("application/json");
    assertThat(request.header("User-Agent")).isEqualTo("SignRelay/1.2.3");
    assertThat(request.header("webhook-id")).isEqualTo("job-1");
    assertThat(request.header("webhook-timestamp")).isEqualTo("1795428000");
    assertThat(request.headerNames())
        .containsExactlyInAnyOrder(
            "connection",
            "content-length",
            "content-type",
            "host",
            "user-agent",
            "webhook-id",
            "webhook-timestamp");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/hook?id=7&token=a%2Bb+c%20d",
        "/?a=1&a=2&b",
        "/a%2Fb//c/../d;e?x=/y?z",
        "//twice",
        "/?",
        "?id=7",
      })
  void theUrlIsRequestedAsTheClientGaveIt(String rest) {
    assertThat(deliver(rest)).isEqualTo(new Delivered("http-204"));
    String target = rest.startsWith("/") ? rest : "/" + rest;
    assertThat(onlyRequest().line()).isEqualTo("POST " + target + " HTTP/1.1");
  }

  /** {@code HttpCallbackSenderTest} tests the outcome of every status. */
  @ParameterizedTest
  @ValueSource(ints = {200, 299, 301, 307, 401, 407, 410, 429, 500})
  void everyStatusIsItsOutcomeAfterOnePost(int status) {
    String headers =
        "Location: " + receiver.url("/elsewhere") + "\r\nWWW-Authenticate: Basic realm=\"r\"\r\n";
    receiver.handleWith(ConnectionHandlers.answers(status, headers, new byte[0]));

    assertThat(deliver("/"))
        .isEqualTo(
            switch (status) {
              case 200, 299 -> new Delivered("http-" + status);
              case 410 -> new Gone("http-410");
              default -> new Undelivered("http-" + status, null);
            });
    assertThat(onlyRequest().line()).isEqualTo("POST / HTTP/1.1");
  }

  /** {@code HttpTransportIT} has all faults of servers. */
  @Test
  void aReceiverThatHangsOrRefusesTheConnectionIsUndeliveredAndOneThatFloodsIsNot()
      throws IOException {
    receiver.handleWith(ServerFault.NEVER_ANSWERS);
    assertThat(deliver(receiver.url("/"), Duration.ofMillis(500)))
        .isEqualTo(new Undelivered("timeout", null));
    receiver.handleWith(ConnectionHandlers.floods("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(1_024)));
    assertThat(deliver("/")).isEqualTo(new Delivered("http-200"));
    try (var port = new RefusingPort()) {
      assertThat(deliver(port.url(), AMPLE)).isEqualTo(new Undelivered("connect", null));
    }
  }

  @Test
  void eachDeliveryAndNoticeIsSignedOverItsBytesAndTimestamp() throws Exception {
    String secret = "whsec_" + Base64.getEncoder().encodeToString(new byte[24]);
    var seconds = new AtomicLong(1_795_428_000L);
    HttpCallbackSender sender =
        sender(
            CallbackSigningKeys.parse(secret).orElseThrow(),
            () -> Instant.ofEpochSecond(seconds.get()));

    sender.deliver(receiver.url("/"), "job-1", "größe", AMPLE);
    seconds.addAndGet(900);
    sender.deliver(receiver.url("/"), "job-1", "größe", AMPLE);
    sender.notifyFailure(receiver.url("/"), "job-1", "expired", AMPLE);

    assertThat(receiver.requests())
        .extracting(r -> r.header("webhook-timestamp"))
        .containsExactly("1795428000", "1795428900", "1795428900");
    for (RecordedRequest request : receiver.requests()) {
      long timestamp = Long.parseLong(request.header("webhook-timestamp"));
      assertThat(request.header("webhook-signature"))
          .isEqualTo(
              new Webhook(secret).sign(request.header("webhook-id"), timestamp, text(request)));
    }
  }

  @Test
  void withoutItsSecretNothingIsSentAndItIsUndelivered() {
    var unknown = new FakeSecret<>(CallbackSigningKeys.NONE, () -> false);
    var known = new Secret.Fixed<>(CallbackSigningKeys.NONE);

    assertNothingIsSent(
        new HttpCallbackSender(TestDestinations.PRIVATE_TOO, http, CLOCK, unknown, false, known),
        new Undelivered("secret-unavailable", null));
  }

  @Test
  void nothingIsSentToAUrlThatTheRulesForbid() {
    assertNothingIsSent(
        FixedCallbackKeys.sender(TestDestinations.PUBLIC, http, CLOCK, CallbackSigningKeys.NONE),
        new Forbidden("forbidden-url"));
  }

  private void assertNothingIsSent(HttpCallbackSender sender, DeliveryOutcome outcome) {
    URI url = receiver.url("/");

    assertThat(sender.deliver(url, "job-1", "signature", AMPLE)).isEqualTo(outcome);
    assertThat(sender.notifyFailure(url, "job-1", "signing-exhausted", AMPLE)).isEqualTo(outcome);

    assertThat(receiver.connections()).isZero();
  }

  private RecordedRequest onlyRequest() {
    assertThat(receiver.requests()).hasSize(1);
    return receiver.requests().getFirst();
  }

  private static String text(RecordedRequest request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }

  private DeliveryOutcome deliver(String rest) {
    return deliver(receiver.url(rest), AMPLE);
  }

  private DeliveryOutcome deliver(URI url, Duration timeout) {
    return sender(CallbackSigningKeys.NONE, CLOCK).deliver(url, "job-1", "c2ln+/=", timeout);
  }

  private HttpCallbackSender sender(CallbackSigningKeys keys, InstantSource clock) {
    return FixedCallbackKeys.sender(TestDestinations.PRIVATE_TOO, http, clock, keys);
  }
}
