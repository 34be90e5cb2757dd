package dev.signrelay.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.http.HttpClients;
import dev.signrelay.http.HttpResult;
import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.http.HttpResult.Reply;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.http.Network;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.secret.Secret;
import dev.signrelay.testing.TestDestinations;
import dev.signrelay.time.SystemTime;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The outcome of a receiver's reply, and the keys for each receiver. {@code
 * CallbackSigningKeysTest} verifies signatures with them.
 */
final class HttpCallbackSenderTest {

  private static final Duration WAIT = Duration.ofSeconds(7);

  private static final String NEW = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String OLD = "whsec_bmV3LXNlY3JldC1vZi0yNC1ieXRlcyEh";
  private static final CallbackSigningKeys MASTERS = secrets(NEW + " " + OLD);
  private static final CallbackSigningKeys PRIVATE =
      CallbackSigningKeys.parsePrivate(
              "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=", List.of())
          .orElseThrow();

  @ParameterizedTest
  @CsvSource({
    "https://receiver.example/in, receiver.example",
    "https://Receiver.EXAMPLE:443/in, receiver.example",
    "HTTPS://receiver.example, receiver.example",
    "https://receiver.example:8443/, receiver.example:8443",
    "http://receiver.example/, receiver.example:80",
    "http://receiver.example:443/, receiver.example",
    "https://127.0.0.1:3200/, 127.0.0.1:3200",
    "https://[2001:DB8::1]/, [2001:db8::1]",
  })
  void aReceiverIsAHostInLowerCaseWithItsPortUnlessThatIs443(URI url, String receiver) {
    assertThat(HttpCallbackSender.receiver(url)).isEqualTo(receiver);
  }

  /** As OpenSSL computes it: HMAC-SHA-256 with the master as the key and the host as the text. */
  @Test
  void theSecretsOfAReceiverAreDerivedFromEachMasterForItsHost() throws Exception {
    String derived = derived(NEW, "shop.example") + " " + derived(OLD, "shop.example");

    assertThat(keys(true, PRIVATE)).isEqualTo(secrets(derived).and(PRIVATE));
    assertThat(MASTERS.textsFor("shop.example")).containsExactly(derived.split(" "));
  }

  @Test
  void withoutTheSettingAllReceiversShareTheSecrets() {
    assertThat(keys(false, PRIVATE)).isEqualTo(MASTERS.and(PRIVATE));
    assertThat(keys(false, CallbackSigningKeys.NONE)).isEqualTo(MASTERS);
  }

  @Test
  void every2xxIsDeliveredAnd410IsGone() {
    assertThat(IntStream.rangeClosed(200, 299))
        .allSatisfy(s -> assertThat(reply(s, WAIT)).isEqualTo(new Delivered("http-" + s)));
    assertThat(reply(410, WAIT)).isEqualTo(new Gone("http-410"));
  }

  @Test
  void everyOtherStatusIsUndeliveredWithItsRetryAfter() {
    assertThat(IntStream.rangeClosed(100, 599).filter(s -> s / 100 != 2 && s != 410))
        .contains(199, 300, 301, 308, 400, 404, 429, 500, 503)
        .allSatisfy(s -> assertThat(reply(s, WAIT)).isEqualTo(new Undelivered("http-" + s, WAIT)));
    assertThat(reply(503, null)).isEqualTo(new Undelivered("http-503", null));
  }

  /** A name with a forbidden address is retried like one that does not exist. */
  @ParameterizedTest
  @CsvSource({
    "TIMEOUT, timeout",
    "UNKNOWN_HOST, unknown-host",
    "FORBIDDEN_ADDRESS, forbidden-address",
    "CONNECT, connect",
    "TOO_LATE, too-late",
    "TLS, tls",
    "DISCONNECTED, disconnected",
    "MALFORMED, malformed",
  })
  void noReplyIsUndeliveredWithItsCause(Cause cause, String code) {
    assertThat(outcome(new NoReply(cause, null))).isEqualTo(new Undelivered(code, null));
  }

  @ParameterizedTest
  @EnumSource(Cause.class)
  void aStatusDecidesWithoutACompleteBody(Cause cause) {
    assertThat(outcome(new NoReply(cause, 200))).isEqualTo(new Delivered("http-200"));
    assertThat(outcome(new NoReply(cause, 410))).isEqualTo(new Gone("http-410"));
    assertThat(outcome(new NoReply(cause, 503))).isEqualTo(new Undelivered("http-503", null));
  }

  private static CallbackSigningKeys keys(boolean perHost, CallbackSigningKeys privateKeys) {
    return new HttpCallbackSender(
            TestDestinations.PUBLIC,
            new HttpTransport(
                HttpClients.create(Network.ofSystem(), _ -> true, "test"), new SystemTime()),
            InstantSource.system(),
            new Secret.Fixed<>(MASTERS),
            perHost,
            new Secret.Fixed<>(privateKeys))
        .keys(URI.create("https://Shop.Example/in?x=1"), Duration.ofSeconds(1));
  }

  private static String derived(String master, String receiver) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(master.substring(6)), "HmacSHA256"));
    return "whsec_"
        + Base64.getEncoder()
            .encodeToString(mac.doFinal(receiver.getBytes(StandardCharsets.UTF_8)));
  }

  private static CallbackSigningKeys secrets(String text) {
    return CallbackSigningKeys.parse(text).orElseThrow();
  }

  private static DeliveryOutcome reply(int status, @Nullable Duration retryAfter) {
    // The body is ignored, however long it is.
    return outcome(new Reply(status, "text/html", retryAfter, new byte[] {'x'}, true));
  }

  private static DeliveryOutcome outcome(HttpResult result) {
    return HttpCallbackSender.outcome(result);
  }
}
