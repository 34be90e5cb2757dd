package dev.signrelay.callback;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.signrelay.http.HttpClients;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.http.Network;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.secret.Secret;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.testing.FixedCallbackKeys;
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

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-23T10:00:00.999Z"));

  private final HttpTransport http =
      new HttpTransport(
          HttpClients.create(Network.ofSystem(), "SignRelay/1.2.3"), new SystemTime());
  private final RawServer receiver = RawServer.start(ConnectionHandlers.answers(204, ""));

  @AfterEach
  void closeBoth() throws IOException {
    http.close();
    receiver.close();
  }

  @Test
  void aDeliveryIsOnePostOfTheResultBody() {
    assertThat(deliver("/hook", "c2ln+/=")).isEqualTo(new Delivered("http-204"));
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

  @Test
  void aFailureNoticeHasASeparateId() {
    assertThat(notifyFailure("/hook")).isEqualTo(new Delivered("http-204"));

    RecordedRequest request = onlyRequest();
    assertThat(text(request))
        .isEqualTo("{\"success\":false,\"data\":null,\"error\":\"signing-exhausted\"}");
    assertThat(request.header("webhook-id")).isEqualTo("job-1-failed");
  }

  @Test
  void aSignatureOutsideAsciiIsSentAsUtf8() {
    deliver("/", "\"größe\" \uD83D\uDD11\n");
    String json = "{\"success\":true,\"data\":\"\\\"größe\\\" \uD83D\uDD11\\n\"}";
    assertThat(text(onlyRequest())).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/hook?id=7&token=a%2Bb+c%20d",
        "/?a=1&a=2&b",
        "/a%2Fb//c/../d;e?x=/y?z",
        "//twice",
        "/?"
      })
  void theUrlIsRequestedAsTheClientGaveIt(String rest) {
    assertThat(deliver(rest, "s")).isEqualTo(new Delivered("http-204"));
    assertThat(onlyRequest().line()).isEqualTo("POST " + rest + " HTTP/1.1");
  }

  @Test
  void aUrlWithoutAPathRequestsTheRoot() {
    assertThat(deliver("?id=7", "s")).isEqualTo(new Delivered("http-204"));
    assertThat(onlyRequest().line()).isEqualTo("POST /?id=7 HTTP/1.1");
  }

  /** {@code CallbackReplyTest} tests the outcome of every status. */
  @ParameterizedTest
  @ValueSource(ints = {200, 299, 301, 307, 401, 407, 410, 429, 500})
  void everyStatusIsItsOutcomeAfterOnePost(int status) {
    String headers =
        "Location: " + receiver.url("/elsewhere") + "\r\nWWW-Authenticate: Basic realm=\"r\"\r\n";
    receiver.handleWith(ConnectionHandlers.answers(status, headers, new byte[0]));

    assertThat(deliver("/", "s"))
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
    assertThat(deliver("/", "s")).isEqualTo(new Delivered("http-200"));
    try (var port = new RefusingPort()) {
      assertThat(deliver(port.url(), Duration.ofSeconds(30)))
          .isEqualTo(new Undelivered("connect", null));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"120", "Mon, 23 Nov 2026 10:02:00 GMT"})
  void theRetryAfterOfAReplyIsInTheOutcome(String value) {
    receiver.handleWith(
        ConnectionHandlers.answers(503, "Retry-After: " + value + "\r\n", new byte[0]));
    assertThat(deliver("/", "s"))
        .isInstanceOfSatisfying(
            Undelivered.class,
            u ->
                assertThat(u.retryAfter())
                    .isBetween(Duration.ofSeconds(119), Duration.ofMinutes(2)));
    assertThat(receiver.requests()).hasSize(1);
  }

  @Test
  void eachDeliveryAndNoticeIsSignedOverItsBytesAndTimestamp() throws Exception {
    String secret = "whsec_" + Base64.getEncoder().encodeToString(new byte[24]);
    var seconds = new AtomicLong(1_795_428_000L);
    var sender =
        new HttpCallbackSender(
            http,
            () -> Instant.ofEpochSecond(seconds.get()),
            FixedCallbackKeys.of(CallbackSigningKeys.parse(secret).orElseThrow()));

    sender.deliver(receiver.url("/"), "job-1", "größe", Duration.ofSeconds(30));
    seconds.addAndGet(900);
    sender.deliver(receiver.url("/"), "job-1", "größe", Duration.ofSeconds(30));

    sender.notifyFailure(receiver.url("/"), "job-1", "expired", Duration.ofSeconds(30));

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
    Secret<CallbackSigningKeys> unknown = new UnknownSecret();
    var sender = new HttpCallbackSender(http, CLOCK, FixedCallbackKeys.of(unknown));

    assertThat(sender.deliver(receiver.url("/"), "job-1", "signature", Duration.ofSeconds(30)))
        .isEqualTo(
            sender.notifyFailure(
                receiver.url("/"), "job-1", "signing-exhausted", Duration.ofSeconds(30)))
        .isEqualTo(new Undelivered("secret-unavailable", null));

    assertThat(receiver.requests()).isEmpty();
  }

  private static final class UnknownSecret implements Secret<CallbackSigningKeys> {

    @Override
    public CallbackSigningKeys get(Duration limit) {
      throw new SecretUnavailableException("unknown", null);
    }

    @Override
    public void refused(CallbackSigningKeys value) {}
  }

  private RecordedRequest onlyRequest() {
    assertThat(receiver.requests()).hasSize(1);
    return receiver.requests().getFirst();
  }

  private static String text(RecordedRequest request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }

  private DeliveryOutcome deliver(String rest, String signature) {
    return sender().deliver(receiver.url(rest), "job-1", signature, Duration.ofSeconds(30));
  }

  private DeliveryOutcome deliver(URI url, Duration timeout) {
    return sender().deliver(url, "job-1", "signature", timeout);
  }

  private DeliveryOutcome notifyFailure(String rest) {
    return sender()
        .notifyFailure(receiver.url(rest), "job-1", "signing-exhausted", Duration.ofSeconds(30));
  }

  private HttpCallbackSender sender() {
    return new HttpCallbackSender(http, CLOCK, FixedCallbackKeys.of(CallbackSigningKeys.NONE));
  }
}
