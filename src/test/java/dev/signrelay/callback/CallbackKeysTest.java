package dev.signrelay.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.standardwebhooks.Webhook;
import dev.signrelay.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A secret for each receiver. Signatures are verified with the Standard Webhooks library. */
final class CallbackKeysTest {

  private static final String MASTER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String PRIVATE = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
  private static final URI SHOP = URI.create("https://Shop.Example/in?x=1");
  private static final String NOW = Long.toString(Instant.now().getEpochSecond());
  private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

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
    assertThat(CallbackKeys.receiver(url)).isEqualTo(receiver);
  }

  /** As OpenSSL computes it: HMAC-SHA-256 with the master as the key and the host as the text. */
  @Test
  void aReceiverVerifiesWithTheSecretThatIsDerivedForItsHost() throws Exception {
    String secret = derived("shop.example");

    assertThatCode(() -> verify(secret, sign(keys(true), SHOP))).doesNotThrowAnyException();
    assertThat(CallbackSigningKeys.parse(MASTER).orElseThrow().textsFor("shop.example"))
        .containsExactly(secret);
  }

  @Test
  void theSecretOfAReceiverVerifiesNoCallbackOfAnother() {
    assertThat(sign(keys(true), SHOP))
        .isEqualTo(sign(keys(true), URI.create("https://shop.example:443/other")))
        .isNotEqualTo(sign(keys(true), URI.create("https://shop.example:8443/in")))
        .isNotEqualTo(sign(keys(true), URI.create("https://evil.example/in")))
        .isNotEqualTo(sign(keys(false), SHOP));
  }

  @Test
  void withoutTheSettingAllReceiversShareTheSecret() {
    assertThatCode(() -> verify(MASTER, sign(keys(false), SHOP))).doesNotThrowAnyException();
  }

  @Test
  void duringARotationThereIsASignatureOfEachMaster() {
    var keys = keys(MASTER + " whsec_" + "A".repeat(32), true, CallbackSigningKeys.NONE);

    assertThat(sign(keys, SHOP)).startsWith(sign(keys(true), SHOP) + " v1,");
  }

  @Test
  void theSignaturesOfPrivateKeysFollowThoseOfSecretsAndAreTheSameForAll() {
    CallbackSigningKeys privateKey =
        CallbackSigningKeys.parsePrivate(PRIVATE, PublicKeys.NONE).orElseThrow();
    String both = sign(keys(MASTER, true, privateKey), SHOP);
    String alone =
        sign(
            new CallbackKeys(
                Secret.fixed(CallbackSigningKeys.NONE),
                Secret.fixed(privateKey),
                true,
                InstantSource.system()),
            URI.create("https://other.example/"));

    assertThat(alone).startsWith("v1a,").doesNotContain(" ");
    assertThat(both).isEqualTo(sign(keys(true), SHOP) + " " + alone);
    assertThatCode(() -> verify(derived("shop.example"), both)).doesNotThrowAnyException();
  }

  private static String derived(String receiver) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(MASTER.substring(6)), "HmacSHA256"));
    return "whsec_"
        + Base64.getEncoder()
            .encodeToString(mac.doFinal(receiver.getBytes(StandardCharsets.UTF_8)));
  }

  private static CallbackKeys keys(boolean perHost) {
    return keys(MASTER, perHost, CallbackSigningKeys.NONE);
  }

  private static CallbackKeys keys(
      String secrets, boolean perHost, CallbackSigningKeys privateKeys) {
    return new CallbackKeys(
        Secret.fixed(CallbackSigningKeys.parse(secrets).orElseThrow()),
        Secret.fixed(privateKeys),
        perHost,
        InstantSource.system());
  }

  private static String sign(CallbackKeys keys, URI url) {
    return keys.of(url, Duration.ofSeconds(1)).sign("job-1", NOW, BODY).orElseThrow();
  }

  private static void verify(String secret, String signatures) throws Exception {
    new Webhook(secret)
        .verify(
            "{}",
            Map.of(
                "webhook-id", List.of("job-1"),
                "webhook-timestamp", List.of(NOW),
                "webhook-signature", List.of(signatures)));
  }
}
