package dev.signrelay.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.signrelay.app.Config.Callback;
import dev.signrelay.app.Config.Clients;
import dev.signrelay.app.Config.Retry;
import dev.signrelay.app.Config.Upstream;
import dev.signrelay.callback.WebhookSecrets;
import dev.signrelay.destination.AllowedHosts;
import dev.signrelay.destination.AllowedPorts;
import dev.signrelay.destination.DestinationRules;
import dev.signrelay.request.ClientKeys;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "CRYPTO_CLIENT_BASE_URL", "https://signer.example.com/v1",
              "CRYPTO_CLIENT_API_KEY", "the-key",
              "RETRY_QUEUE_URL", "https://sqs.example.com/1/retry",
              "DEAD_LETTER_QUEUE_URL", "https://sqs.example.com/1/dead",
              "RATE_LIMIT_TABLE", "limits"));

  @Test
  void whatIsNotSetHasItsDefault() {
    assertThat(config())
        .isEqualTo(
            new Config(
                new Upstream(
                    URI.create("https://signer.example.com/v1"),
                    "the-key",
                    Duration.ofMillis(1_500),
                    Duration.ofSeconds(10),
                    10,
                    "limits"),
                new Retry(
                    "https://sqs.example.com/1/retry",
                    "https://sqs.example.com/1/dead",
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(900),
                    20),
                new Callback(
                    true,
                    Duration.ofSeconds(10),
                    10,
                    false,
                    new DestinationRules(
                        false, AllowedHosts.parse(""), new AllowedPorts(List.of(443, 8443))),
                    WebhookSecrets.NONE),
                new Clients(ClientKeys.NONE)));
  }

  @Test
  void whatIsSetIsTaken() {
    environment.put("CRYPTO_CLIENT_TIMEOUT_SECONDS", "0.75");
    environment.put("CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS", "7");
    environment.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "600");
    environment.put("RETRY_BASE_DELAY_SECONDS", "5");
    environment.put("RETRY_MAX_DELAY_SECONDS", "3600");
    environment.put("RETRY_MAX_ATTEMPTS", "3");
    environment.put("CALLBACK_ENABLED", "false");
    environment.put("CALLBACK_TIMEOUT_SECONDS", "2.5");
    environment.put("CALLBACK_MAX_ATTEMPTS", "4");
    environment.put("CALLBACK_ON_FAILURE", "true");
    environment.put("CALLBACK_ALLOW_PRIVATE_ADDRESSES", "true");
    environment.put("CALLBACK_ALLOWED_HOSTS", "receiver.example, *.Example.com");
    environment.put("CALLBACK_ALLOWED_PORTS", "8444");
    environment.put("CALLBACK_SIGNING_SECRET", SECRET);
    environment.put("CLIENT_API_KEYS", "0123456789abcdef,fedcba9876543210");

    assertThat(config())
        .isEqualTo(
            new Config(
                new Upstream(
                    URI.create("https://signer.example.com/v1"),
                    "the-key",
                    Duration.ofMillis(750),
                    Duration.ofSeconds(7),
                    600,
                    "limits"),
                new Retry(
                    "https://sqs.example.com/1/retry",
                    "https://sqs.example.com/1/dead",
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(3_600),
                    3),
                new Callback(
                    false,
                    Duration.ofMillis(2_500),
                    4,
                    true,
                    new DestinationRules(
                        true,
                        new AllowedHosts(List.of("receiver.example", "*.example.com")),
                        new AllowedPorts(List.of(8444))),
                    WebhookSecrets.parse(SECRET).orElseThrow()),
                new Clients(new ClientKeys(List.of("0123456789abcdef", "fedcba9876543210")))));
  }

  @Test
  void anEmptyVariableCountsAsNotSetAndSpacesAroundAValueDoNotCount() {
    environment.put("RETRY_MAX_ATTEMPTS", "");
    environment.put("CALLBACK_ENABLED", " ");
    environment.put("CALLBACK_MAX_ATTEMPTS", " 7 ");
    environment.put("CRYPTO_CLIENT_API_KEY", "the-key\n");
    environment.put("CALLBACK_SIGNING_SECRET", "");
    environment.put("CLIENT_API_KEYS", "");

    assertThat(config().retry().maxAttempts()).isEqualTo(20);
    assertThat(config().callback().enabled()).isTrue();
    assertThat(config().callback().maxAttempts()).isEqualTo(7);
    assertThat(config().upstream().apiKey()).isEqualTo("the-key");
    assertThat(config().callback().secrets()).isEqualTo(WebhookSecrets.NONE);
    assertThat(config().clients().keys()).isEqualTo(ClientKeys.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CRYPTO_CLIENT_BASE_URL",
        "CRYPTO_CLIENT_API_KEY",
        "RETRY_QUEUE_URL",
        "DEAD_LETTER_QUEUE_URL",
        "RATE_LIMIT_TABLE",
      })
  void aRequiredSettingThatIsMissingOrEmptyIsNamed(String name) {
    environment.remove(name);
    assertWrong(name + " is required");

    environment.put(name, "  ");
    assertWrong(name + " is required");
  }

  @Test
  void withoutALimitThereNeedBeNoTable() {
    environment.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0");
    environment.remove("RATE_LIMIT_TABLE");

    assertThat(config().upstream().callsPerMinute()).isZero();
    assertThat(config().upstream().rateLimitTable()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"20, 20", "900, 900", "1, 1", "1, 86400"})
  void theLongestDelayMayBeTheBaseOrMore(String base, String max) {
    environment.put("RETRY_BASE_DELAY_SECONDS", base);
    environment.put("RETRY_MAX_DELAY_SECONDS", max);

    assertThat(config().retry().maxDelay()).isGreaterThanOrEqualTo(config().retry().baseDelay());
  }

  @Test
  void aLongestDelayBelowTheBaseIsRefused() {
    environment.put("RETRY_BASE_DELAY_SECONDS", "20");
    environment.put("RETRY_MAX_DELAY_SECONDS", "19.999");

    assertWrong("RETRY_MAX_DELAY_SECONDS must be at least RETRY_BASE_DELAY_SECONDS");
  }

  @Test
  void theTextOfAConfigOmitsItsSecrets() {
    environment.put("CALLBACK_SIGNING_SECRET", SECRET);
    environment.put("CLIENT_API_KEYS", "0123456789abcdef");

    assertThat(config().toString())
        .contains("https://signer.example.com/v1")
        .doesNotContain("the-key", SECRET.substring(6), "0123456789abcdef");
  }

  private Config config() {
    return Config.from(environment::get);
  }

  private void assertWrong(String mistake) {
    assertThatIllegalStateException()
        .isThrownBy(this::config)
        .withMessage("Invalid configuration: " + mistake);
  }
}
