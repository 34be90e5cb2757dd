package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.app.Config;
import dev.signrelay.json.Json;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.LocalEnvironment;
import dev.signrelay.local.Template;
import dev.signrelay.testing.TestEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The template matches the code and follows AWS's recommendations. */
final class TemplateTest {

  private static final List<String> FUNCTIONS =
      List.of("SignFunction", "RetryFunction", "DispatchFunction");

  private static final String SECRET_ARN =
      "arn:aws:secretsmanager:eu-west-1:123456789012:secret:signrelay/key-a1B2c3";

  private final Template template = Template.read();

  @Test
  void theFunctionsEnvironmentsSetExactlyTheSettingsOfTheCode() {
    Set<String> read = new TreeSet<>();
    Config.from(
        name -> {
          read.add(name);
          return TestEnvironment.REQUIRED.get(name);
        });

    read.remove("CLIENT_MAX_WAITING"); // a former name, which is refused
    Set<String> set = new TreeSet<>(template.environment().keySet());
    FUNCTIONS.forEach(function -> set.addAll(variables(function).keySet()));
    set.remove("JAVA_TOOL_OPTIONS"); // the JVM reads it

    assertThat(set).isEqualTo(read);
  }

  @Test
  void theParametersDefaultsAreTheSettingsDefaults() {
    Map<String, String> deployed =
        template.environment(
            Map.of(
                "CryptoClientBaseUrl", TestEnvironment.REQUIRED.get("CRYPTO_CLIENT_BASE_URL"),
                "RetryQueue", TestEnvironment.REQUIRED.get("RETRY_QUEUE_URL"),
                "CallbackQueue", TestEnvironment.REQUIRED.get("CALLBACK_QUEUE_URL"),
                "LineQueue", TestEnvironment.REQUIRED.get("LINE_QUEUE_URL"),
                "DeadLetterQueue", TestEnvironment.REQUIRED.get("DEAD_LETTER_QUEUE_URL"),
                "RateLimitTable", TestEnvironment.REQUIRED.get("RATE_LIMIT_TABLE"),
                "JobTable", "jobs"));
    for (String function : FUNCTIONS) {
      variables(function).forEach((name, value) -> deployed.put(name, valueOrDefault(value)));
    }
    deployed.put("CRYPTO_CLIENT_API_KEY", TestEnvironment.REQUIRED.get("CRYPTO_CLIENT_API_KEY"));

    assertThat(Config.from(deployed::get))
        .isEqualTo(TestEnvironment.config(Map.of("JOB_TABLE", "jobs")));
  }

  @Test
  void anUpstreamWithoutTlsIsRefusedUnlessTheOperatorAllowsIt() {
    String setting = "CRYPTO_CLIENT_ALLOW_PLAIN_HTTP";

    assertThat(template.environment(Map.of())).containsEntry(setting, "false");
    assertThat(template.environment(Map.of("AllowPlainHttpUpstream", "true")))
        .containsEntry(setting, "true");
  }

  /** A literal, which neither a parameter nor a function's environment can override. */
  @Test
  void callbacksToPrivateAddressesCannotBeAllowed() {
    assertThat(template.environment()).containsEntry("CALLBACK_ALLOW_PRIVATE_ADDRESSES", "false");
    assertThat(FUNCTIONS)
        .flatExtracting(function -> variables(function).keySet())
        .doesNotContain("CALLBACK_ALLOW_PRIVATE_ADDRESSES");
  }

  /** {@code PrivilegesTest} compares the ARNs with what a function may read. */
  @Test
  void noEnvironmentHasTheValueOfASecret() {
    assertThat(template.environment())
        .containsEntry("CRYPTO_CLIENT_API_KEY", "")
        .containsEntry("CALLBACK_SIGNING_SECRET", "")
        .containsEntry("CALLBACK_SIGNING_KEY", "")
        .containsEntry("CLIENT_API_KEYS", "");
    assertThat(template.root().toString()).doesNotContain("{{resolve:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SignFunction", "RetryFunction", "DispatchFunction"})
  void theConfigurationOfAFunctionWithoutTheOthersSecretsIsValid(String function) {
    Map<String, String> environment = new HashMap<>(TestEnvironment.REQUIRED);
    environment.remove("CRYPTO_CLIENT_API_KEY");
    variables(function)
        .forEach(
            (name, value) ->
                environment.put(name, name.endsWith("_ARN") ? SECRET_ARN : valueOrDefault(value)));

    assertThatNoException().isThrownBy(() -> Config.from(environment::get));
  }

  /** IAM and the parameter's pattern need the whole ARN; the name alone is not enough. */
  @ParameterizedTest
  @CsvSource({
    "CryptoClientApiKeySecret, false", "CallbackSigningSecret, true",
    "CallbackSigningKeySecret, true", "ClientApiKeysSecret, true"
  })
  void aSecretIsNamedByItsCompleteArn(String parameter, boolean optional) {
    String pattern = (String) parameter(parameter).get("AllowedPattern");

    assertThat(SECRET_ARN).matches(pattern);
    assertThat("".matches(pattern)).isEqualTo(optional);
    assertThat("signrelay/upstream-key").doesNotMatch(pattern);
    assertThat(SECRET_ARN.substring(0, SECRET_ARN.length() - 7)).doesNotMatch(pattern);
    assertThat(SECRET_ARN.replace("key", "*")).doesNotMatch(pattern);
  }

  @Test
  void thePublicKeysOfCallbacksAreNoPrivateKeyOrSecret() {
    String pattern = (String) parameter("CallbackPublicKey").get("AllowedPattern");
    String key = "whpk_" + "A".repeat(43) + "=";

    assertThat(List.of("", key, key + " " + key)).allMatch(keys -> keys.matches(pattern));
    assertThat(List.of(key.replace("whpk_", "whsk_"), key.replace("whpk_", "whsec_"), key + ","))
        .noneMatch(keys -> keys.matches(pattern));
  }

  /**
   * Lambda allows 4 KB for names and values together (Lambda quotas). An ARN and a URL of AWS is
   * counted with 120 characters, which leaves about 50 for the name that an operator gives.
   */
  @ParameterizedTest
  @ValueSource(strings = {"SignFunction", "RetryFunction", "DispatchFunction"})
  void theLongestEnvironmentFitsIntoFourKilobytes(String function) {
    Map<String, Object> environment = new HashMap<>(template.environment());
    environment.putAll(variables(function));

    assertThat(
            environment.entrySet().stream().mapToInt(e -> length(e.getKey(), e.getValue())).sum())
        .isLessThan(4_096);
  }

  private int length(String name, Object value) {
    if (!(value instanceof Map<?, ?> intrinsic)) {
      return name.length() + value.toString().length();
    }
    Object parameter = map(template.root().get("Parameters")).get(intrinsic.get("Ref"));
    if (parameter == null || name.endsWith("_ARN")) {
      return name.length() + 120;
    }
    Map<String, Object> rules = map(parameter);
    Object longest =
        rules.getOrDefault(
            "MaxLength", String.valueOf(rules.getOrDefault("MaxValue", "false")).length());
    return name.length() + (Integer) longest;
  }

  /** A parameter at its default, or a text. */
  private String valueOrDefault(Object value) {
    return value instanceof String text
        ? text
        : parameter((String) map(value).get("Ref")).getOrDefault("Default", "").toString();
  }

  private Map<String, Object> variables(String function) {
    return map(map(template.properties(function).get("Environment")).get("Variables"));
  }

  /** {@code JobTableContract} shows that its items have this attribute. */
  @Test
  void dynamoDbDeletesWhatHasExpired() {
    assertThat(template.properties("JobTable"))
        .containsEntry(
            "TimeToLiveSpecification", Map.of("AttributeName", "expiresAt", "Enabled", true));
  }

  @ParameterizedTest
  @CsvSource({"true, jobs", "false, ''"})
  void theFunctionsKnowTheJobTableUnlessItIsLeftOut(String jobRecords, String expected) {
    assertThat(template.environment(Map.of("JobRecords", jobRecords, "JobTable", "jobs")))
        .containsEntry("JOB_TABLE", expected);
  }

  @Test
  void theRecursiveLoopThroughTheQueueIsAllowed() {
    assertThat(template.properties("RetryFunction")).containsEntry("RecursiveLoop", "Allow");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RetryQueue", "CallbackQueue"})
  void theVisibilityTimeoutIsAtLeastSixTimesEveryTimeoutOfRetryFunction(String queue) {
    Map<String, Object> timeouts =
        map(map(template.root().get("Mappings")).get("VisibilityTimeoutSeconds"));
    List<?> choices = (List<?>) parameter("RetryTimeoutSeconds").get("AllowedValues");

    assertThat(template.properties(queue).get("VisibilityTimeout"))
        .isEqualTo(
            Map.of(
                "Fn::FindInMap",
                List.of(
                    "VisibilityTimeoutSeconds", Map.of("Ref", "RetryTimeoutSeconds"), "Queue")));
    assertThat(timeouts.keySet()).isEqualTo(Set.copyOf(choices));
    timeouts.forEach(
        (timeout, visibility) ->
            assertThat((Integer) map(visibility).get("Queue"))
                .isGreaterThanOrEqualTo(6 * Integer.parseInt(timeout)));
  }

  /**
   * A run holds jobs for 45 s more than the upstream timeout, and passes that with each receive. It
   * receives for 120 s, or until that much is left.
   */
  @Test
  void withTheLongestCallARunHidesItsJobsLongEnoughAndReceivesUntilTheNextOneHasBegun() {
    int longestCall = (Integer) parameter("CryptoClientRetryTimeoutSeconds").get("MaxValue");

    assertThat(template.properties("LineQueue"))
        .containsEntry("VisibilityTimeout", 45 + longestCall);
    assertThat((Integer) template.properties("DispatchFunction").get("Timeout"))
        .isGreaterThan(60 + longestCall + 45);
  }

  /** Without a batch window: a job that is due waits for no others. */
  @ParameterizedTest
  @CsvSource({"Jobs, RetryQueue", "Callbacks, CallbackQueue"})
  void batchesReportTheirFailedRecordsAndEachQueueHasItsOwnConcurrency(String name, String queue) {
    assertThat(event("RetryFunction", name))
        .isEqualTo(
            Map.of(
                "Queue", Map.of("Fn::GetAtt", queue + ".Arn"),
                "BatchSize", 10,
                "MaximumBatchingWindowInSeconds", 0,
                "FunctionResponseTypes", List.of("ReportBatchItemFailures"),
                "ScalingConfig",
                    Map.of("MaximumConcurrency", Map.of("Ref", "RetryMaximumConcurrency"))));
    assertThat(template.properties("RetryFunction"))
        .doesNotContainKey("ReservedConcurrentExecutions");
  }

  /**
   * In YAML, {@code OFF} without quotes is a boolean. The name that SAM would give to the schedule
   * is the same in every stack.
   */
  @Test
  void dispatchFunctionRunsEveryMinuteAndNoRunIsRepeated() {
    assertThat(event("DispatchFunction", "Tick"))
        .isEqualTo(
            Map.of(
                "OmitName",
                true,
                "ScheduleExpression",
                "rate(1 minute)",
                "FlexibleTimeWindow",
                Map.of("Mode", "OFF"),
                "RetryPolicy",
                Map.of("MaximumRetryAttempts", 0)));
    assertThat(template.properties("DispatchFunction"))
        .doesNotContainKey("ReservedConcurrentExecutions")
        .containsEntry(
            "EventInvokeConfig", Map.of("MaximumRetryAttempts", 0, "MaximumEventAgeInSeconds", 60));
  }

  @Test
  void theSettingsForContainersExistInTheTemplate() throws Exception {
    JsonNode settings =
        Json.read(Files.readString(Path.of("events/local-env.json"))).path("Parameters");
    var environment = new HashMap<String, String>();
    settings.properties().forEach(s -> environment.put(s.getKey(), s.getValue().asText()));

    Set<String> defined = new TreeSet<>(template.environment().keySet());
    FUNCTIONS.forEach(function -> defined.addAll(variables(function).keySet()));
    assertThat(defined).containsAll(environment.keySet());
    assertThat(Config.from(environment::get).callback().destinations().allowPrivate()).isTrue();
    // Otherwise every call from a container is refused, and the local run signs instead.
    assertThat(environment)
        .containsEntry("CRYPTO_CLIENT_API_KEY", LocalEnvironment.UPSTREAM_KEY)
        .containsEntry("CALLBACK_SIGNING_SECRET", LocalEnvironment.DEMO_CALLBACK_SECRET)
        .containsEntry("RATE_LIMIT_TABLE", DynamoDbServer.TABLE)
        .containsEntry("JOB_TABLE", DynamoDbServer.JOB_TABLE);
  }

  private Map<String, Object> event(String function, String name) {
    return map(map(map(template.properties(function).get("Events")).get(name)).get("Properties"));
  }

  private Map<String, Object> parameter(String name) {
    return map(map(template.root().get("Parameters")).get(name));
  }
}
