package dev.signrelay.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.standardwebhooks.Webhook;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures are verified with the reference library of Standard Webhooks. */
final class CallbackSigningKeysTest {

  private static final String OLD = secret(24, 'o');
  private static final String NEW = secret(64, 'n');
  private static final String NOW = Long.toString(Instant.now().getEpochSecond());
  private static final String BODY = "{\"success\":true,\"data\":\"größe 🔑\"}";

  /** The example in the tests of the Standard Webhooks libraries. */
  @Test
  void theSignatureOfThePublishedExampleIsTheSame() {
    assertThat(
            secrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                .sign(
                    "msg_p5jXN8AQM9LWM0D4loKWxJek",
                    "1614265330",
                    "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
        .contains("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void duringARotationReceiversWithEitherSecretAcceptTheSignatures() {
    String signatures = sign(NEW + " " + OLD);

    assertThat(signatures).isEqualTo(sign(NEW) + " " + sign(OLD));
    assertThatCode(() -> verify(NEW, signatures)).doesNotThrowAnyException();
    assertThatCode(() -> verify(OLD, signatures)).doesNotThrowAnyException();
  }

  @Test
  void withoutASecretThereIsNoSignature() {
    assertThat(CallbackSigningKeys.NONE.sign("id", "1", new byte[0])).isEmpty();
  }

  @Test
  void secretsAreSeparatedByAnyWhiteSpace() {
    assertThat(secrets("  " + NEW + "\n\t" + OLD + "\n")).isEqualTo(secrets(NEW + " " + OLD));
  }

  @ParameterizedTest
  @CsvSource({
    "0, false",
    "1, false",
    "23, false",
    "24, true",
    "25, true",
    "26, true",
    "32, true",
    "63, true",
    "64, true",
    "65, false",
    "128, false",
  })
  void aSecretHas24To64Bytes(int bytes, boolean isAccepted) {
    assertThat(CallbackSigningKeys.parse(secret(bytes, 'x')).isPresent()).isEqualTo(isAccepted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "whsec_",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", // no prefix
        "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS_", // the URL-safe alphabet
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAA", // no padding
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAB==", // non-zero trailing bits
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw whsec_short",
      })
  void aTextWithOneMalformedSecretIsRefused(String text) {
    assertThat(CallbackSigningKeys.parse(text)).isEmpty();
  }

  /** Receivers check the timestamp, too. */
  private static void verify(String secret, String signatures) throws Exception {
    new Webhook(secret)
        .verify(
            BODY,
            Map.of(
                "webhook-id", List.of("job-1"),
                "webhook-timestamp", List.of(NOW),
                "webhook-signature", List.of(signatures)));
  }

  private static String sign(String secrets) {
    return secrets(secrets).sign("job-1", NOW, BODY.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  private static CallbackSigningKeys secrets(String text) {
    return CallbackSigningKeys.parse(text).orElseThrow();
  }

  private static String secret(int bytes, char filling) {
    byte[] secret = Character.toString(filling).repeat(bytes).getBytes(StandardCharsets.US_ASCII);
    return "whsec_" + Base64.getEncoder().encodeToString(secret);
  }
}
