package dev.signrelay.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.signrelay.request.ClientKeys;
import dev.signrelay.secret.SecretSource.Managed;
import dev.signrelay.secret.SecretSource.Plain;
import dev.signrelay.testing.TestEnvironment;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets in settings: their values, or their ARNs. */
final class SecretSettingsTest {

  private static final String ARN =
      "arn:aws:secretsmanager:eu-west-1:123456789012:secret:signrelay/key-a1B2c3";

  private static final String KEYS = "0123456789abcdef";

  @Test
  void anArnNamesAManagedSecretWhoseFormatIsThatOfThePlainOne() {
    var keys = (Managed<ClientKeys>) config(Map.of("CLIENT_API_KEYS_ARN", ARN)).clients().keys();

    assertThat(keys.arn()).isEqualTo(ARN);
    assertThat(keys.setting()).isEqualTo("CLIENT_API_KEYS_ARN");
    assertThat(keys.parse().apply(KEYS)).isEqualTo(ClientKeys.parse(KEYS)).isNotEmpty();
    assertThat(keys.parse().apply("short")).isEmpty();
  }

  @Test
  void withoutOneThereAreNoKeys() {
    assertThat(config(Map.of()).clients().keys()).isEqualTo(new Plain<>(ClientKeys.NONE));
    assertThat(config(Map.of()).hasManagedSecret()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"CRYPTO_CLIENT_API_KEY_ARN", "CALLBACK_SIGNING_SECRET_ARN", "CLIENT_API_KEYS_ARN"})
  void eachSecretCanBeManaged(String name) {
    var settings = new HashMap<>(Map.of(name, ARN));
    settings.put("CRYPTO_CLIENT_API_KEY", name.startsWith("CRYPTO") ? "" : "the-key");

    assertThat(config(settings).hasManagedSecret()).isTrue();
  }

  @Test
  void aValueAndAnArnExcludeEachOther() {
    assertInvalid(
        Map.of("CLIENT_API_KEYS", KEYS, "CLIENT_API_KEYS_ARN", ARN),
        "CLIENT_API_KEYS and CLIENT_API_KEYS_ARN must not both be set");
    assertInvalid(
        Map.of("CRYPTO_CLIENT_API_KEY_ARN", ARN),
        "CRYPTO_CLIENT_API_KEY and CRYPTO_CLIENT_API_KEY_ARN must not both be set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "signrelay/key",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:signrelay/key",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:*",
        "arn:aws:ssm:eu-west-1:123456789012:parameter/key-a1B2c3",
        ARN + ":SecretString",
      })
  void anArnIsComplete(String arn) {
    assertInvalid(
        Map.of("CALLBACK_SIGNING_SECRET_ARN", arn),
        "CALLBACK_SIGNING_SECRET_ARN must be the ARN of a secret");
  }

  private static void assertInvalid(Map<String, String> settings, String error) {
    assertThatIllegalStateException()
        .isThrownBy(() -> config(settings))
        .withMessage("Invalid configuration: " + error);
  }

  private static Config config(Map<String, String> settings) {
    return TestEnvironment.config(settings);
  }
}
