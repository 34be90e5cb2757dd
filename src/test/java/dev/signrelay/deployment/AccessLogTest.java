package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.local.Template;
import dev.signrelay.testing.LogAssertions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The access log of API Gateway. */
final class AccessLogTest {

  /**
   * Variables that contain no input of clients: ids, times, codes and the route (API Gateway
   * developer guide, "Customize HTTP API access logs").
   */
  private static final Set<String> HARMLESS =
      Set.of(
          "$context.error.responseType",
          "$context.integration.requestId",
          "$context.integrationLatency",
          "$context.requestId",
          "$context.requestTime",
          "$context.responseLatency",
          "$context.routeKey",
          "$context.status");

  private static final Template TEMPLATE = Template.read();

  /** The format of a line. Its values are quoted, so that a missing value is valid JSON. */
  private static JsonNode line() {
    return LogAssertions.json((String) settings().get("Format"));
  }

  private static Map<String, Object> settings() {
    return map(TEMPLATE.properties("Api").get("AccessLogSettings"));
  }

  @Test
  void aRequestIsLoggedAsOneLineOfJson() {
    assertThat((String) settings().get("Format")).doesNotContain("\n");
    assertThat(line().valueStream()).isNotEmpty().allMatch(JsonNode::isTextual);
  }

  @Test
  void noClientInputIsLogged() {
    List<String> variables =
        line().valueStream().map(JsonNode::asText).filter(v -> v.contains("$")).toList();

    assertThat(variables).isNotEmpty().isSubsetOf(HARMLESS);
  }

  /** SignFunction's log events contain it under the same name. */
  @Test
  void theRequestIdIsThatOfSignFunctionsEvents() {
    assertThat(line().path("apiRequestId").asText()).isEqualTo("$context.requestId");
  }

  @Test
  void theRetentionIsThatOfTheFunctionsLogs() {
    assertThat(settings()).containsEntry("DestinationArn", Map.of("Fn::GetAtt", "ApiLogs.Arn"));
    assertThat(TEMPLATE.properties("ApiLogs").get("RetentionInDays"))
        .isEqualTo(TEMPLATE.properties("SignLogs").get("RetentionInDays"));
  }
}
