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

/** What API Gateway writes of each request. */
public final class AccessLogTest {

  /**
   * Variables that hold nothing of what a client sent: ids, times, codes and the route's own text
   * (API Gateway developer guide, "Customize HTTP API access logs").
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

  /** As a line of the log. Quoted, so that it is JSON where a variable has no value, too. */
  public static JsonNode line() {
    return LogAssertions.json((String) settings().get("Format"));
  }

  private static Map<String, Object> settings() {
    return map(TEMPLATE.properties("Api").get("AccessLogSettings"));
  }

  @Test
  void aRequestIsOneLineOfJson() {
    assertThat((String) settings().get("Format")).doesNotContain("\n");
    assertThat(line().valueStream()).isNotEmpty().allMatch(JsonNode::isTextual);
  }

  @Test
  void nothingThatAClientSentIsLogged() {
    List<String> variables =
        line().valueStream().map(JsonNode::asText).filter(v -> v.contains("$")).toList();

    assertThat(variables).isNotEmpty().isSubsetOf(HARMLESS);
  }

  /** SignFunction's line has it under the same name. */
  @Test
  void itsIdIsTheOneThatSignFunctionGets() {
    assertThat(line().path("apiRequestId").asText()).isEqualTo("$context.requestId");
  }

  @Test
  void itIsKeptAsLongAsTheFunctionsLogs() {
    assertThat(settings()).containsEntry("DestinationArn", Map.of("Fn::GetAtt", "ApiLogs.Arn"));
    assertThat(TEMPLATE.properties("ApiLogs").get("RetentionInDays"))
        .isEqualTo(TEMPLATE.properties("SignLogs").get("RetentionInDays"));
  }
}
