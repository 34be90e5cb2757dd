package dev.signrelay.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.signrelay.testing.TestEnvironment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each setting, at its bounds and past them. {@code EnvironmentReaderTest} tests the kinds. */
final class SettingsTest {

  @ParameterizedTest
  @CsvSource({
    "CRYPTO_CLIENT_TIMEOUT_SECONDS, 0.1, 1.5, 0.099999999, 1.500000001, from 0.1 to 1.5 seconds",
    "CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS, 0.1, 60, 0.09, 60.01, from 0.1 to 60 seconds",
    "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE, 0, 100000, -1, 100001,"
        + " 'a whole number from 0 to 100,000'",
    "RETRY_BASE_DELAY_SECONDS, 1, 900, 0.99, 900.01, from 1 to 900 seconds",
    "RETRY_MAX_DELAY_SECONDS, 20, 86400, 0.99, 86400.5, 'from 1 to 86,400 seconds'",
    "RETRY_MAX_ATTEMPTS, 1, 1000, 0, 1001, 'a whole number from 1 to 1,000'",
    "LINE_MAX_SECONDS, 0, 950400, -1, 950401, 'a whole number from 0 to 950,400'",
    "CALLBACK_TIMEOUT_SECONDS, 0.1, 60, 0.09, 60.01, from 0.1 to 60 seconds",
    "CALLBACK_MAX_ATTEMPTS, 1, 1000, 0, 1001, 'a whole number from 1 to 1,000'",
    "RETRY_TIMEOUT_SECONDS, 20, 150, 19, 151, a whole number from 20 to 150",
  })
  void aNumberIsAcceptedAtItsBoundsAndRefusedPastThem(
      String name, String min, String max, String tooLittle, String tooMuch, String rule) {
    for (String valid : List.of(min, max)) {
      assertThatCode(() -> config(name, valid)).as(valid).doesNotThrowAnyException();
    }
    for (String invalid : List.of(tooLittle, tooMuch, "NaN")) {
      assertInvalid(name, invalid, name + " must be " + rule);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CRYPTO_CLIENT_ALLOW_PLAIN_HTTP",
        "CALLBACK_ENABLED",
        "CALLBACK_ON_FAILURE",
        "CALLBACK_ALLOW_PRIVATE_ADDRESSES"
      })
  void aFlagIsTrueOrFalse(String name) {
    assertInvalid(name, "yes", name + " must be true or false");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CRYPTO_CLIENT_BASE_URL",
        "RETRY_QUEUE_URL",
        "CALLBACK_QUEUE_URL",
        "LINE_QUEUE_URL",
        "DEAD_LETTER_QUEUE_URL",
      })
  void aUrlHasARule(String name) {
    assertInvalid(
        name, "a", name + " must be an http or https URL without user, query and fragment");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CRYPTO_CLIENT_BASE_URL",
        "RETRY_QUEUE_URL",
        "CALLBACK_QUEUE_URL",
        "LINE_QUEUE_URL",
        "DEAD_LETTER_QUEUE_URL",
        "RATE_LIMIT_TABLE",
      })
  void aRequiredSettingIsNamedIfItIsMissing(String name) {
    assertInvalid(name, "", name + " is required");
  }

  @Test
  void theUpstreamsKeyOrItsArnIsRequired() {
    assertInvalid(
        "CRYPTO_CLIENT_API_KEY",
        "",
        "CRYPTO_CLIENT_API_KEY or CRYPTO_CLIENT_API_KEY_ARN is required");
  }

  @Test
  void theUpstreamsKeyCanBeAHeader() {
    assertInvalid("CRYPTO_CLIENT_API_KEY", " ", "CRYPTO_CLIENT_API_KEY must be printable ASCII");
    assertInvalid(
        "CRYPTO_CLIENT_API_KEY", "SECRETé", "CRYPTO_CLIENT_API_KEY must be printable ASCII");
  }

  @ParameterizedTest
  @CsvSource({
    "CALLBACK_ALLOWED_HOSTS, *, hosts or *.domain",
    "CALLBACK_ALLOWED_HOSTS, ',', hosts or *.domain",
    "CALLBACK_ALLOWED_HOSTS, https://a.net, hosts or *.domain",
    "CALLBACK_ALLOWED_HOSTS, 'a.net; b.net', hosts or *.domain",
    "CALLBACK_ALLOWED_PORTS, 'https', ports from 1 to 65535",
    "CALLBACK_ALLOWED_PORTS, '443,65536', ports from 1 to 65535",
    "CALLBACK_ALLOWED_PORTS, 443-445, ports from 1 to 65535",
  })
  void aListWithOneMalformedElementIsRefused(String name, String value, String rule) {
    assertInvalid(name, value, name + " must be " + rule);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "SECRET",
        "whsec_SECRET",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw SECRET",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,",
      })
  void aSigningSecretThatBreaksTheRuleIsRefusedWithoutQuotingIt(String secret) {
    assertInvalid(
        "CALLBACK_SIGNING_SECRET",
        secret,
        "CALLBACK_SIGNING_SECRET must be whsec_ and the padded base64 of 24 to 64 bytes,"
            + " or several of these with spaces between");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", ",", "SECRET", "0123456789abcdef SECRET", "SECRET0123456789é"})
  void aClientKeyThatBreaksTheRuleIsRefusedWithoutQuotingIt(String keys) {
    assertInvalid(
        "CLIENT_API_KEYS",
        keys,
        "CLIENT_API_KEYS must be one or more keys of at least 16 visible ASCII characters without a"
            + " colon, each alone or as name:key, with spaces or commas between");
  }

  @Test
  void everySettingIsListedOnce() {
    assertThat(Config.settings()).extracting(Setting::name).doesNotHaveDuplicates();
  }

  private static void assertInvalid(String name, String value, String error) {
    assertThatIllegalStateException()
        .isThrownBy(() -> config(name, value))
        .withMessage("Invalid configuration: " + error)
        .withNoCause();
  }

  private static Config config(String name, String value) {
    var settings = new HashMap<>(Map.of("RETRY_TIMEOUT_SECONDS", "70"));
    settings.put(name, value);
    return TestEnvironment.config(settings);
  }
}
