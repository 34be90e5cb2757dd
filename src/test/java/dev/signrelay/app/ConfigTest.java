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
import dev.signrelay.retry.Backoff;
import dev.signrelay.retry.RetryPolicy;
import dev.signrelay.testing.TestEnvironment;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @Test
  void settingsThatAreNotSetHaveTheirDefaults() {
    assertThat(config())
        .isEqualTo(
            new Config(
                new Upstream(
                    URI.create("https://upstream.example"),
                    "the-key",
                    Duration.ofMillis(1_500),
                    Duration.ofSeconds(10),
                    10,
                    "limits"),
                new Retry(
                    "https://sqs.example/1/retry",
                    "https://sqs.example/1/dead",
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
  void settingsThatAreSetAreUsed() {
    assertThat(
            TestEnvironment.config(
                Map.ofEntries(
                    Map.entry("CRYPTO_CLIENT_TIMEOUT_SECONDS", "0.75"),
                    Map.entry("CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS", "7"),
                    Map.entry("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "600"),
                    Map.entry("RETRY_BASE_DELAY_SECONDS", "5"),
                    Map.entry("RETRY_MAX_DELAY_SECONDS", "3600"),
                    Map.entry("RETRY_MAX_ATTEMPTS", "3"),
                    Map.entry("CALLBACK_ENABLED", "false"),
                    Map.entry("CALLBACK_TIMEOUT_SECONDS", "2.5"),
                    Map.entry("CALLBACK_MAX_ATTEMPTS", "4"),
                    Map.entry("CALLBACK_ON_FAILURE", "true"),
                    Map.entry("CALLBACK_ALLOW_PRIVATE_ADDRESSES", "true"),
                    Map.entry("CALLBACK_ALLOWED_HOSTS", "receiver.example, *.Example.com"),
                    Map.entry("CALLBACK_ALLOWED_PORTS", "8444"),
                    Map.entry("CALLBACK_SIGNING_SECRET", SECRET),
                    Map.entry("CLIENT_API_KEYS", "0123456789abcdef,fedcba9876543210"))))
        .isEqualTo(
            new Config(
                new Upstream(
                    URI.create("https://upstream.example"),
                    "the-key",
                    Duration.ofMillis(750),
                    Duration.ofSeconds(7),
                    600,
                    "limits"),
                new Retry(
                    "https://sqs.example/1/retry",
                    "https://sqs.example/1/dead",
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
  void withoutARateLimitNoTableIsRequired() {
    Upstream upstream =
        config("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0", "RATE_LIMIT_TABLE", "").upstream();

    assertThat(upstream.isLimited()).isFalse();
    assertThat(upstream.rateLimitTable()).isEmpty();
    assertThat(config().upstream().isLimited()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"20, 20", "900, 900", "1, 1", "1, 86400"})
  void theLongestDelayIsTheBaseDelayOrMore(String base, String max) {
    Retry retry = config("RETRY_BASE_DELAY_SECONDS", base, "RETRY_MAX_DELAY_SECONDS", max).retry();

    assertThat(retry.maxDelay()).isGreaterThanOrEqualTo(retry.baseDelay());
  }

  @Test
  void aLongestDelayBelowTheBaseDelayIsRefused() {
    assertThatIllegalStateException()
        .isThrownBy(
            () -> config("RETRY_BASE_DELAY_SECONDS", "20", "RETRY_MAX_DELAY_SECONDS", "19.999"))
        .withMessage(
            "Invalid configuration:"
                + " RETRY_MAX_DELAY_SECONDS must be at least RETRY_BASE_DELAY_SECONDS");
  }

  @Test
  void theRetryPolicyHasTheConfiguredDelaysAndAttempts() {
    assertThat(config().retryPolicy())
        .isEqualTo(
            new RetryPolicy(new Backoff(Duration.ofSeconds(20), Duration.ofSeconds(900)), 20, 10));
  }

  @Test
  void allErrorsAreReportedAtOnceWithoutSecrets() {
    Map<String, String> environment =
        Map.of(
            "CRYPTO_CLIENT_BASE_URL", "nowhere",
            "CRYPTO_CLIENT_API_KEY", "SESAMEé",
            "CRYPTO_CLIENT_TIMEOUT_SECONDS", "2",
            "RETRY_MAX_DELAY_SECONDS", "10",
            "RETRY_MAX_ATTEMPTS", "many",
            "CALLBACK_ENABLED", "perhaps",
            "CALLBACK_SIGNING_SECRET", "SESAME",
            "CLIENT_API_KEYS", "SESAME");

    assertThatIllegalStateException()
        .isThrownBy(() -> Config.from(environment::get))
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

  @Test
  void theTextOfAConfigOmitsItsSecrets() {
    assertThat(
            config("CALLBACK_SIGNING_SECRET", SECRET, "CLIENT_API_KEYS", "0123456789abcdef")
                .toString())
        .contains("https://upstream.example")
        .doesNotContain("the-key", SECRET.substring(6), "0123456789abcdef");
  }

  private static Config config() {
    return TestEnvironment.config(Map.of());
  }

  private static Config config(String name, String value, String otherName, String otherValue) {
    return TestEnvironment.config(Map.of(name, value, otherName, otherValue));
  }
}
