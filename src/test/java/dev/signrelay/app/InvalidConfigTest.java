package dev.signrelay.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** EnvironmentReader at and past their bounds. */
final class InvalidConfigTest {

  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "CRYPTO_CLIENT_BASE_URL", "https://signer.example.com",
              "CRYPTO_CLIENT_API_KEY", "the-key",
              "RETRY_QUEUE_URL", "https://sqs.example.com/1/retry",
              "DEAD_LETTER_QUEUE_URL", "https://sqs.example.com/1/dead",
              "RATE_LIMIT_TABLE", "limits"));

  @ParameterizedTest
  @CsvSource({
    "CRYPTO_CLIENT_TIMEOUT_SECONDS, 0.1, 1.5, 0.099999999, 1.500000001, seconds from 0.1 to 1.5",
    "CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS, 0.1, 60, 0.09, 60.01, seconds from 0.1 to 60",
    "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE, 0, 1000, -1, 1001, a whole number from 0 to 1000",
    "RETRY_BASE_DELAY_SECONDS, 1, 900, 0.99, 900.01, seconds from 1 to 900",
    "RETRY_MAX_DELAY_SECONDS, 20, 86400, 0.99, 86400.5, seconds from 1 to 86400",
    "RETRY_MAX_ATTEMPTS, 1, 1000, 0, 1001, a whole number from 1 to 1000",
    "CALLBACK_TIMEOUT_SECONDS, 0.1, 60, 0.09, 60.01, seconds from 0.1 to 60",
    "CALLBACK_MAX_ATTEMPTS, 1, 1000, 0, 1001, a whole number from 1 to 1000",
  })
  void aNumberIsTakenAtItsBoundsAndRefusedPastThem(
      String name, String min, String max, String tooLittle, String tooMuch, String rule) {
    for (String good : new String[] {min, max}) {
      environment.put(name, good);
      assertThatCode(this::config).as(name + "=" + good).doesNotThrowAnyException();
    }
    for (String bad : new String[] {tooLittle, tooMuch, "-1", "+1", "1s", "1e0", ".5", "NaN"}) {
      environment.put(name, bad);
      assertWrong(name + " must be " + rule);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE",
        "RETRY_MAX_ATTEMPTS",
        "CALLBACK_MAX_ATTEMPTS",
      })
  void aCountIsWhole(String name) {
    environment.put(name, "2.0");
    assertThatCode(this::config).doesNotThrowAnyException();

    environment.put(name, "2.5");
    assertWrong(name + " must be a whole number");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"CALLBACK_ENABLED", "CALLBACK_ON_FAILURE", "CALLBACK_ALLOW_PRIVATE_ADDRESSES"})
  void aSwitchIsTrueOrFalse(String name) {
    for (String bad : new String[] {"TRUE", "yes", "1", "0", "off"}) {
      environment.put(name, bad);
      assertWrong(name + " must be true or false");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CALLBACK_ALLOWED_HOSTS, *, hosts or *.domain",
    "CALLBACK_ALLOWED_HOSTS, https://a.net, hosts or *.domain",
    "CALLBACK_ALLOWED_HOSTS, 'a.net; b.net', hosts or *.domain",
    "CALLBACK_ALLOWED_PORTS, 'https', ports from 1 to 65535",
    "CALLBACK_ALLOWED_PORTS, '443,65536', ports from 1 to 65535",
    "CALLBACK_ALLOWED_PORTS, 443-445, ports from 1 to 65535",
  })
  void aListWithOneMistakeIsRefused(String name, String value, String rule) {
    environment.put(name, value);
    assertWrong(name + " must be " + rule);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "signer.example.com",
        "ftp://signer.example.com",
        "https:signer",
        "https:///v1",
        "https://user@signer.example.com",
        "https://user:SECRET@signer.example.com",
        "https://signer.example.com?a=b",
        "https://signer.example.com/#top",
        "https://signer example.com",
      })
  void aUrlHasAHostAndNeitherUserNorQueryNorFragment(String url) {
    for (String name :
        new String[] {"CRYPTO_CLIENT_BASE_URL", "RETRY_QUEUE_URL", "DEAD_LETTER_QUEUE_URL"}) {
      String good = environment.put(name, url);
      assertWrong(name + " must be an http or https URL without user, query and fragment");
      environment.put(name, String.valueOf(good));
    }
  }

  @Test
  void plainHttpWillDoForLocalServers() {
    environment.put("CRYPTO_CLIENT_BASE_URL", "http://localhost:8080/");
    environment.put("RETRY_QUEUE_URL", "http://localhost:9324/queue/retry");
    assertThatCode(this::config).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"k", "a b", "Bearer SECRET~!", "!", "~"})
  void aKeyIsAnyVisibleAscii(String key) {
    environment.put("CRYPTO_CLIENT_API_KEY", key);
    assertThat(config().upstream().apiKey()).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SECRET\r\nX-Evil: 1", "SECRET\tb", "SECRETé", "SECRET\u007f", "\0SECRET"})
  void aKeyThatCannotBeAHeaderIsRefusedAndNotTold(String key) {
    environment.put("CRYPTO_CLIENT_API_KEY", key);
    assertWrong("CRYPTO_CLIENT_API_KEY must be printable ASCII");
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
  void aSigningSecretThatBreaksTheRuleIsRefusedAndNotTold(String secret) {
    environment.put("CALLBACK_SIGNING_SECRET", secret);
    assertWrong(
        "CALLBACK_SIGNING_SECRET must be whsec_ and the padded base64 of 24 to 64 bytes,"
            + " or several of these with spaces between");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", ",", "SECRET", "0123456789abcdef SECRET", "SECRET0123456789é"})
  void aClientKeyThatBreaksTheRuleIsRefusedAndNotTold(String keys) {
    environment.put("CLIENT_API_KEYS", keys);
    assertWrong(
        "CLIENT_API_KEYS must be one or more keys of at least 16 visible ASCII characters,"
            + " with spaces or commas between");
  }

  @Test
  void allMistakesAreReportedAtOnce() {
    environment.clear();
    environment.put("CRYPTO_CLIENT_BASE_URL", "nowhere");
    environment.put("CRYPTO_CLIENT_API_KEY", "SESAMEé");
    environment.put("CRYPTO_CLIENT_TIMEOUT_SECONDS", "2");
    environment.put("RETRY_MAX_DELAY_SECONDS", "10");
    environment.put("RETRY_MAX_ATTEMPTS", "many");
    environment.put("CALLBACK_ENABLED", "perhaps");
    environment.put("CALLBACK_SIGNING_SECRET", "SESAME");
    environment.put("CLIENT_API_KEYS", "SESAME");

    assertThatIllegalStateException()
        .isThrownBy(this::config)
        .withMessageNotContaining("SESAME")
        .withMessageContainingAll(
            "CRYPTO_CLIENT_BASE_URL must",
            "CRYPTO_CLIENT_API_KEY must",
            "CRYPTO_CLIENT_TIMEOUT_SECONDS must",
            "RETRY_QUEUE_URL is required",
            "DEAD_LETTER_QUEUE_URL is required",
            "RATE_LIMIT_TABLE is required",
            "RETRY_MAX_DELAY_SECONDS must be at least RETRY_BASE_DELAY_SECONDS",
            "RETRY_MAX_ATTEMPTS must",
            "CALLBACK_ENABLED must",
            "CALLBACK_SIGNING_SECRET must",
            "CLIENT_API_KEYS must");
  }

  private Config config() {
    return Config.from(environment::get);
  }

  private void assertWrong(String mistake) {
    assertThatIllegalStateException()
        .isThrownBy(this::config)
        .withMessage("Invalid configuration: " + mistake)
        .withNoCause();
  }
}
