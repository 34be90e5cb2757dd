package dev.signrelay.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.signrelay.app.Config.Callback;
import dev.signrelay.app.Config.Clients;
import dev.signrelay.app.Config.Queues;
import dev.signrelay.app.Config.Records;
import dev.signrelay.app.Config.Retry;
import dev.signrelay.app.Config.Upstream;
import dev.signrelay.callback.CallbackSigningKeys;
import dev.signrelay.callback.PublicKeys;
import dev.signrelay.destination.AllowedHosts;
import dev.signrelay.destination.AllowedPorts;
import dev.signrelay.destination.DestinationRules;
import dev.signrelay.job.JobQueue;
import dev.signrelay.policy.Backoff;
import dev.signrelay.policy.RetryPolicy;
import dev.signrelay.policy.Stage;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.secret.SecretSource.Plain;
import dev.signrelay.testing.TestEnvironment;
import dev.signrelay.upstream.ApiKey;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigTest {

  private static final String LIMIT = "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE";

  /** RFC 8032, 7.1, test 1. */
  private static final String PRIVATE_KEY = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";

  private static final String PUBLIC_KEY = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private static final Queues QUEUES =
      new Queues(
          "https://sqs.example/1/retry",
          "https://sqs.example/1/callback",
          "https://sqs.example/1/line",
          "https://sqs.example/1/dead");

  @Test
  void aFormerNameIsRefusedWithItsSuccessor() {
    assertThatIllegalStateException()
        .isThrownBy(() -> TestEnvironment.config(Map.of("CLIENT_MAX_WAITING", "10")))
        .withMessageContaining("CLIENT_MAX_WAITING has been replaced by CLIENT_JOBS_PER_HOUR");
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
                    Map.entry("RETRY_GIVE_UP_AFTER_SECONDS", "7200"),
                    Map.entry("LINE_MAX_SECONDS", "600"),
                    Map.entry("RETRY_TIMEOUT_SECONDS", "30"),
                    Map.entry("CALLBACK_MAX_DELAY_SECONDS", "7000"),
                    Map.entry("CALLBACK_GIVE_UP_AFTER_SECONDS", "8000"),
                    Map.entry("JOB_TABLE", "jobs"),
                    Map.entry("JOB_RECORD_SECONDS", "60"),
                    Map.entry("SIGNATURE_CACHE_SECONDS", "30"),
                    Map.entry("CALLBACK_ENABLED", "false"),
                    Map.entry("CALLBACK_TIMEOUT_SECONDS", "2.5"),
                    Map.entry("CALLBACK_MAX_ATTEMPTS", "4"),
                    Map.entry("CALLBACK_ON_FAILURE", "true"),
                    Map.entry("CALLBACK_ALLOW_PRIVATE_ADDRESSES", "true"),
                    Map.entry("CALLBACK_ALLOWED_HOSTS", "receiver.example, *.Example.com"),
                    Map.entry("CALLBACK_ALLOWED_PORTS", "8444"),
                    Map.entry("CALLBACK_SIGNING_SECRET", SECRET),
                    Map.entry("CALLBACK_SECRET_PER_HOST", "true"),
                    Map.entry("CALLBACK_SIGNING_KEY", PRIVATE_KEY),
                    Map.entry("CALLBACK_PUBLIC_KEY", PUBLIC_KEY),
                    Map.entry("CLIENT_API_KEYS", "0123456789abcdef,shop:fedcba9876543210"),
                    Map.entry("CLIENT_JOBS_PER_HOUR", "500"))))
        .isEqualTo(
            new Config(
                new Upstream(
                    URI.create("https://upstream.example"),
                    new Plain<>(new ApiKey("the-key")),
                    Duration.ofMillis(750),
                    Duration.ofSeconds(7),
                    600,
                    "limits"),
                QUEUES,
                new Retry(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(3_600),
                    3,
                    Duration.ofSeconds(7_200),
                    Duration.ofSeconds(600),
                    Duration.ofSeconds(30)),
                new Callback(
                    false,
                    Duration.ofMillis(2_500),
                    Duration.ofSeconds(7_000),
                    4,
                    Duration.ofSeconds(8_000),
                    true,
                    new DestinationRules(
                        true,
                        new AllowedHosts(List.of("receiver.example", "*.example.com")),
                        new AllowedPorts(List.of(8444))),
                    new Plain<>(CallbackSigningKeys.parse(SECRET).orElseThrow()),
                    true,
                    new Plain<>(
                        CallbackSigningKeys.parsePrivate(PRIVATE_KEY, PublicKeys.NONE)
                            .orElseThrow()),
                    new PublicKeys(List.of(PUBLIC_KEY))),
                new Clients(
                    new Plain<>(
                        ClientKeys.parse("0123456789abcdef,shop:fedcba9876543210").orElseThrow()),
                    500),
                new Records("jobs", Duration.ofSeconds(60), Duration.ofSeconds(30))));
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
  @CsvSource({
    "http://upstream.example, ''",
    "http://upstream.example, true",
    "https://upstream.example, false",
    "HTTPS://upstream.example, false",
  })
  void plainHttpIsAllowedUnlessItIsRefused(String url, String allowed) {
    assertThat(plainHttp(url, allowed).upstream().baseUrl()).isEqualTo(URI.create(url));
  }

  /** Its reader is an operator whose deployment failed. */
  @ParameterizedTest
  @ValueSource(strings = {"http://upstream.example", "HTTP://10.0.0.1:8080/base"})
  void anUpstreamWithoutTlsIsRefusedWithTheSettingAndTheParameterThatAllowIt(String url) {
    assertThatIllegalStateException()
        .isThrownBy(() -> plainHttp(url, "false"))
        .withMessage(
            "Invalid configuration: CRYPTO_CLIENT_BASE_URL must be an https URL, because http sends"
                + " the key and the messages in clear text, unless CRYPTO_CLIENT_ALLOW_PLAIN_HTTP"
                + " (the template's parameter AllowPlainHttpUpstream) is true");
  }

  @Test
  void aMalformedUrlOfTheUpstreamIsOneError() {
    assertThatIllegalStateException()
        .isThrownBy(() -> plainHttp("nowhere", "false"))
        .withMessage(
            "Invalid configuration: CRYPTO_CLIENT_BASE_URL must be an http or https URL without"
                + " user, query and fragment");
  }

  private static Config plainHttp(String url, String allowed) {
    return config("CRYPTO_CLIENT_BASE_URL", url, "CRYPTO_CLIENT_ALLOW_PLAIN_HTTP", allowed);
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

  @ParameterizedTest
  @CsvSource({
    "20, 10, true",
    "20, 10.001, false",
    "30, 20, true",
    "30, 20.5, false",
    "150, 60, true",
  })
  void retryFunctionHasTenSecondsMoreThanEachCallOfItsBatch(
      String function, String call, boolean accepted) {
    for (String timeout :
        List.of("CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS", "CALLBACK_TIMEOUT_SECONDS")) {
      ThrowingCallable read = () -> config("RETRY_TIMEOUT_SECONDS", function, timeout, call);
      if (accepted) {
        assertThatCode(read).doesNotThrowAnyException();
      } else {
        assertThatIllegalStateException()
            .isThrownBy(read)
            .withMessage(
                "Invalid configuration: RETRY_TIMEOUT_SECONDS must be at least 10 s more than"
                    + " CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS and CALLBACK_TIMEOUT_SECONDS");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "600, PT10M, false",
    "600, PT10M0.000000001S, true",
    "1, PT1S, false",
    "1, PT1.1S, true",
    "0, PT0S, false",
    "0, PT100000H, false",
  })
  void aLineIsTooLongIfItsWaitIsAboveTheBoundUnlessThereIsNone(
      String bound, Duration wait, boolean exceeds) {
    Retry retry = TestEnvironment.config(Map.of("LINE_MAX_SECONDS", bound)).retry();

    assertThat(retry.exceedsLine(wait)).isEqualTo(exceeds);
  }

  @Test
  void everyQueueHasItsUrl() {
    assertThat(QUEUES.url(JobQueue.RETRY)).isEqualTo("https://sqs.example/1/retry");
    assertThat(QUEUES.url(JobQueue.CALLBACK)).isEqualTo("https://sqs.example/1/callback");
    assertThat(QUEUES.url(JobQueue.LINE)).isEqualTo("https://sqs.example/1/line");
  }

  @Test
  void theRetryPolicyHasTheConfiguredDelaysAndAttempts() {
    assertThat(config().retryPolicy())
        .isEqualTo(
            new RetryPolicy(
                new Stage(
                    new Backoff(Duration.ofSeconds(20), Duration.ofSeconds(900)),
                    20,
                    Duration.ofDays(1)),
                new Stage(
                    new Backoff(Duration.ofSeconds(20), Duration.ofSeconds(14_400)),
                    10,
                    Duration.ofDays(3))));
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
            "CALLBACK_QUEUE_URL is required",
            "LINE_QUEUE_URL is required",
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
