package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.app.Config;
import dev.signrelay.json.Json;
import dev.signrelay.local.Template;
import dev.signrelay.testing.TestEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

  /** Set for the JVM. */
  private static final Set<String> JVM_VARIABLES = Set.of("JAVA_TOOL_OPTIONS");

  private final Template template = Template.read();

  @ParameterizedTest
  @ValueSource(strings = {"SignFunction", "RetryFunction"})
  void everyHandlerExists(String function) throws ReflectiveOperationException {
    String handler = (String) template.properties(function).get("Handler");

    String[] classAndMethod = handler.split("::");

    Class<?> type = Class.forName(classAndMethod[0]);
    assertThat(RequestStreamHandler.class).isAssignableFrom(type);
    assertThat(type.getConstructor()).isNotNull();
    assertThat(classAndMethod[1]).isEqualTo("handleRequest");
  }

  @Test
  void theEnvironmentSetsExactlyTheSettingsOfTheCode() {
    Set<String> read = new TreeSet<>();
    Config.from(
        name -> {
          read.add(name);
          return TestEnvironment.REQUIRED.get(name);
        });

    Set<String> set = new TreeSet<>(template.environment().keySet());
    set.removeAll(JVM_VARIABLES);

    assertThat(set).isEqualTo(read);
  }

  @Test
  void theParametersDefaultsAreTheSettingsDefaults() {
    Map<String, String> deployed =
        template.environment(
            Map.of(
                "CryptoClientBaseUrl", TestEnvironment.REQUIRED.get("CRYPTO_CLIENT_BASE_URL"),
                "RetryQueue", TestEnvironment.REQUIRED.get("RETRY_QUEUE_URL"),
                "DeadLetterQueue", TestEnvironment.REQUIRED.get("DEAD_LETTER_QUEUE_URL"),
                "RateLimitTable", TestEnvironment.REQUIRED.get("RATE_LIMIT_TABLE")));
    deployed.put("CRYPTO_CLIENT_API_KEY", TestEnvironment.REQUIRED.get("CRYPTO_CLIENT_API_KEY"));

    assertThat(Config.from(deployed::get)).isEqualTo(Config.from(TestEnvironment.REQUIRED::get));
  }

  /** A literal, which neither a parameter nor a function's environment can override. */
  @Test
  void callbacksToPrivateAddressesCannotBeAllowed() {
    assertThat(template.environment()).containsEntry("CALLBACK_ALLOW_PRIVATE_ADDRESSES", "false");
    assertThat(template.resources().values())
        .allSatisfy(
            resource -> {
              Map<String, Object> properties = map(map(resource).get("Properties"));
              assertThat(properties).doesNotContainKey("Environment");
            });
  }

  @Test
  void theRateLimitTableExistsIfThereIsALimit() {
    Map<String, Object> table = map(template.resources().get("RateLimitTable"));

    assertThat(table).containsEntry("Condition", "RateLimited");
    assertThat(map(table.get("Properties")))
        .containsEntry("BillingMode", "PAY_PER_REQUEST")
        .containsEntry(
            "TimeToLiveSpecification", Map.of("AttributeName", "expiresAt", "Enabled", true));
    assertThat(template.environment(Map.of("RateLimitTable", "limits")))
        .containsEntry("RATE_LIMIT_TABLE", "limits");
    assertThat(
            template.environment(
                Map.of("RateLimitTable", "limits", "CryptoClientRateLimitReqPerMinute", "0")))
        .containsEntry("RATE_LIMIT_TABLE", "");
  }

  @ParameterizedTest
  @CsvSource({
    "CALLBACK_SIGNING_SECRET, CallbackSigningSecret",
    "CLIENT_API_KEYS, ClientApiKeysSecret",
  })
  void anOptionalSecretIsResolvedOnlyIfItIsNamed(String setting, String parameter) {
    assertThat(template.environment(Map.of())).containsEntry(setting, "");
    assertThat(template.environment(Map.of(parameter, "name"))).doesNotContainKey(setting);

    List<?> choice = (List<?>) map(template.environment().get(setting)).get("Fn::If");
    assertThat(map(choice.get(1)))
        .containsEntry("Fn::Sub", "{{resolve:secretsmanager:${" + parameter + "}:SecretString}}");
  }

  @Test
  void theRecursiveLoopThroughTheQueueIsAllowed() {
    assertThat(template.properties("RetryFunction")).containsEntry("RecursiveLoop", "Allow");
  }

  @Test
  void theVisibilityTimeoutIsAtLeastSixTimesEveryFunctionTimeout() {
    Map<String, Object> timeouts =
        map(map(template.root().get("Mappings")).get("VisibilityTimeoutSeconds"));
    List<?> choices = (List<?>) parameter("RetryTimeoutSeconds").get("AllowedValues");

    assertThat(template.properties("RetryQueue").get("VisibilityTimeout"))
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

  @Test
  void aMessageIsReceivedAtLeastFiveTimes() {
    assertThat(
            (Integer)
                map(template.properties("RetryQueue").get("RedrivePolicy")).get("maxReceiveCount"))
        .isGreaterThanOrEqualTo(5);
  }

  /** The retention of a message that SQS moves starts when it was first sent. */
  @Test
  void aDeadLetterIsRetainedForAtLeastTenDays() {
    int job = (Integer) template.properties("RetryQueue").get("MessageRetentionPeriod");
    int deadLetter = (Integer) template.properties("DeadLetterQueue").get("MessageRetentionPeriod");

    assertThat(Duration.ofSeconds(deadLetter)).isEqualTo(Duration.ofDays(14));
    assertThat(Duration.ofSeconds(deadLetter - job)).isEqualTo(Duration.ofDays(10));
  }

  @Test
  void batchesReportTheirFailedRecordsAndTheQueueLimitsConcurrency() {
    Map<String, Object> jobs =
        map(
            map(map(template.properties("RetryFunction").get("Events")).get("Jobs"))
                .get("Properties"));

    assertThat(jobs).containsEntry("FunctionResponseTypes", List.of("ReportBatchItemFailures"));
    assertThat(map(jobs.get("ScalingConfig"))).containsKey("MaximumConcurrency");
    assertThat((Integer) parameter("RetryMaximumConcurrency").get("MinValue")).isEqualTo(2);
    assertThat(template.properties("RetryFunction"))
        .doesNotContainKey("ReservedConcurrentExecutions");
  }

  @Test
  void theFunctionTimeoutIsLongEnoughForTheSlowestBatch() {
    Config config = Config.from(TestEnvironment.REQUIRED::get);
    long slowest =
        config
            .upstream()
            .retryTimeout()
            .plus(config.callback().timeout())
            .plusSeconds(10)
            .toSeconds();

    assertThat(Integer.parseInt((String) parameter("RetryTimeoutSeconds").get("Default")))
        .isGreaterThanOrEqualTo((int) slowest);
  }

  @Test
  void theSettingsForContainersExistInTheTemplate() throws Exception {
    JsonNode settings =
        Json.read(Files.readString(Path.of("events/local-env.json"))).path("Parameters");
    var environment = new HashMap<String, String>();
    settings.properties().forEach(s -> environment.put(s.getKey(), s.getValue().asText()));

    assertThat(template.environment().keySet()).containsAll(environment.keySet());
    assertThat(Config.from(environment::get).callback().destinations().allowPrivate()).isTrue();
  }

  private Map<String, Object> parameter(String name) {
    return map(map(template.root().get("Parameters")).get(name));
  }
}
