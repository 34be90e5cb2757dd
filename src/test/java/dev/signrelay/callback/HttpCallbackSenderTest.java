package dev.signrelay.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.http.HttpClients;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.http.Network;
import dev.signrelay.secret.Secret;
import dev.signrelay.testing.TestDestinations;
import dev.signrelay.time.SystemTime;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys for each receiver. {@code CallbackSigningKeysTest} verifies signatures with them. */
final class HttpCallbackSenderTest {

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

  private static CallbackSigningKeys keys(boolean perHost, CallbackSigningKeys privateKeys) {
    return new HttpCallbackSender(
            TestDestinations.PUBLIC,
            new HttpTransport(HttpClients.create(Network.ofSystem(), "test"), new SystemTime()),
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
}
