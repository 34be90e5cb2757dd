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
import dev.signrelay.destination.DestinationRules;
import dev.signrelay.policy.Backoff;
import dev.signrelay.policy.RetryPolicy;
import dev.signrelay.policy.Stage;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.secret.Secret;
import dev.signrelay.testing.TestEnvironment;
import dev.signrelay.upstream.ApiKey;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigTest {

  private static final Config DEFAULT = TestEnvironment.config(Map.of());

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
  void settingsThatAreSetAreUsed() {
    assertThat(
            config(
                """
                CRYPTO_CLIENT_TIMEOUT_SECONDS=0.75
                CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS=7
                CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE=600
                RETRY_BASE_DELAY_SECONDS=5
                RETRY_MAX_DELAY_SECONDS=3600
                RETRY_MAX_ATTEMPTS=3
                RETRY_GIVE_UP_AFTER_SECONDS=7200
                LINE_MAX_SECONDS=600
                RETRY_TIMEOUT_SECONDS=30
                CALLBACK_MAX_DELAY_SECONDS=7000
                CALLBACK_GIVE_UP_AFTER_SECONDS=8000
                JOB_TABLE=jobs
                JOB_RECORD_SECONDS=60
                SIGNATURE_CACHE_SECONDS=30
                CALLBACK_ENABLED=false
                CALLBACK_TIMEOUT_SECONDS=2.5
                CALLBACK_MAX_ATTEMPTS=4
                CALLBACK_ON_FAILURE=true
                CALLBACK_ALLOW_PRIVATE_ADDRESSES=true
                CALLBACK_ALLOWED_HOSTS=receiver.example,*.Example.com
                CALLBACK_ALLOWED_PORTS=8444
                CALLBACK_SIGNING_SECRET=%s
                CALLBACK_SECRET_PER_HOST=true
                CALLBACK_SIGNING_KEY=%s
                CALLBACK_PUBLIC_KEY=%s
                CLIENT_API_KEYS=0123456789abcdef,shop:fedcba9876543210
                CLIENT_JOBS_PER_HOUR=500
                """
                    .formatted(SECRET, PRIVATE_KEY, PUBLIC_KEY)))
        .isEqualTo(
            new Config(
                new Upstream(
                    URI.create("https://upstream.example"),
                    new Secret.Fixed<>(new ApiKey("the-key")),
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
                        true, List.of("receiver.example", "*.example.com"), List.of(8444)),
                    new Secret.Fixed<>(CallbackSigningKeys.parse(SECRET).orElseThrow()),
                    true,
                    new Secret.Fixed<>(
                        CallbackSigningKeys.parsePrivate(PRIVATE_KEY, List.of()).orElseThrow()),
                    List.of(PUBLIC_KEY)),
                new Clients(
                    new Secret.Fixed<>(
                        ClientKeys.parse("0123456789abcdef,shop:fedcba9876543210").orElseThrow()),
                    500),
                new Records("jobs", Duration.ofSeconds(60), Duration.ofSeconds(30))));
  }

  @Test
  void everySettingIsDeclaredOnce() {
    assertThat(Config.settings()).extracting(Setting::name).doesNotHaveDuplicates();
  }

  @Test
  void withoutARateLimitNoTableIsRequired() {
    Upstream upstream =
        config("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE=0 RATE_LIMIT_TABLE=").upstream();

    assertThat(upstream.isLimited()).isFalse();
    assertThat(upstream.rateLimitTable()).isEmpty();
    assertThat(DEFAULT.upstream().isLimited()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CRYPTO_CLIENT_BASE_URL=http://a",
        "CRYPTO_CLIENT_BASE_URL=http://a CRYPTO_CLIENT_ALLOW_PLAIN_HTTP=true",
        "CRYPTO_CLIENT_BASE_URL=https://a CRYPTO_CLIENT_ALLOW_PLAIN_HTTP=false",
        "CRYPTO_CLIENT_BASE_URL=HTTPS://a CRYPTO_CLIENT_ALLOW_PLAIN_HTTP=false",
        "RETRY_MAX_DELAY_SECONDS=20",
        "RETRY_BASE_DELAY_SECONDS=900",
        "CALLBACK_MAX_DELAY_SECONDS=20",
        "CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS=10 CALLBACK_TIMEOUT_SECONDS=10",
        "RETRY_TIMEOUT_SECONDS=30 CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS=20",
        "RETRY_TIMEOUT_SECONDS=150 CALLBACK_TIMEOUT_SECONDS=60",
        "JOB_TABLE=jobs SIGNATURE_CACHE_SECONDS=1",
        "JOB_TABLE=jobs CLIENT_JOBS_PER_HOUR=1 CLIENT_API_KEYS=0123456789abcdef",
      })
  void settingsThatFitTogetherAreAccepted(String settings) {
    assertThatCode(() -> config(settings)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CRYPTO_CLIENT_ALLOW_PLAIN_HTTP=false CRYPTO_CLIENT_BASE_URL=nowhere | an http or https URL
          CRYPTO_CLIENT_ALLOW_PLAIN_HTTP=false CRYPTO_CLIENT_BASE_URL=HTTP://a| must be an https URL
          CRYPTO_CLIENT_ALLOW_PLAIN_HTTP=false CRYPTO_CLIENT_BASE_URL=http://a| AllowPlainHttpUpstream
          RETRY_MAX_DELAY_SECONDS=19.999                         | at least RETRY_BASE_DELAY_SECONDS
          CALLBACK_MAX_DELAY_SECONDS=19                          | at least RETRY_BASE_DELAY_SECONDS
          CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS=10.001             | RETRY_TIMEOUT_SECONDS must be
          RETRY_TIMEOUT_SECONDS=30 CALLBACK_TIMEOUT_SECONDS=20.5 | at least 10 s more
          SIGNATURE_CACHE_SECONDS=1                              | needs JOB_TABLE
          CLIENT_JOBS_PER_HOUR=1 JOB_TABLE=jobs                  | needs JOB_TABLE and CLIENT_API_KEYS
          CLIENT_JOBS_PER_HOUR=1 CLIENT_API_KEYS=0123456789abcdef| needs JOB_TABLE and CLIENT_API_KEYS
          CLIENT_MAX_WAITING=10                         | has been replaced by CLIENT_JOBS_PER_HOUR
          """)
  void settingsThatDoNotFitTogetherAreRefused(String settings, String rule) {
    assertThatIllegalStateException()
        .isThrownBy(() -> config(settings))
        .withMessageContaining(rule)
        .withMessageNotContaining(";");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CRYPTO_CLIENT_API_KEY= CRYPTO_CLIENT_API_KEY_ARN=",
        "CALLBACK_SIGNING_SECRET_ARN=",
        "CALLBACK_SIGNING_KEY_ARN=",
        "CLIENT_API_KEYS_ARN="
      })
  void eachSecretCanBeManaged(String setting) {
    String arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-a1B2c3";

    assertThat(DEFAULT.hasManagedSecret()).isFalse();
    assertThat(config(setting + arn).hasManagedSecret()).isTrue();
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
    Retry retry = config("LINE_MAX_SECONDS=" + bound).retry();

    assertThat(retry.exceedsLine(wait)).isEqualTo(exceeds);
  }

  @Test
  void theRetryPolicyHasTheConfiguredDelaysAndAttempts() {
    assertThat(DEFAULT.retryPolicy())
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
            config("CLIENT_API_KEYS=0123456789abcdef CALLBACK_SIGNING_SECRET=" + SECRET).toString())
        .contains("https://upstream.example")
        .doesNotContain("the-key", SECRET.substring(6), "0123456789abcdef");
  }

  /** The configuration with these settings, separated by white space. */
  private static Config config(String settings) {
    return TestEnvironment.config(
        Stream.of(settings.split("\\s+"))
            .map(setting -> setting.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
  }
}
