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

  /** Personal data in many countries, so only an operator who chooses so has it. */
  private static final String CLIENT_ADDRESS = "$context.identity.sourceIp";

  /**
   * The format with or without the client's address.
   *
   * @param branch 1 or 2, that of Fn::If
   */
  private static String format(int branch) {
    Map<String, Object> settings = map(TEMPLATE.properties("Api").get("AccessLogSettings"));
    List<?> substitution = (List<?>) map(settings.get("Format")).get("Fn::Sub");
    Object address = map(substitution.get(1)).get("ClientAddress");
    List<?> choice = (List<?>) map(address).get("Fn::If");
    assertThat(choice.getFirst()).isEqualTo("ClientAddressIsLogged");
    return ((String) substitution.getFirst())
        .replace("${ClientAddress}", (String) choice.get(branch));
  }

  /**
   * Values are quoted, so that a missing one is valid JSON. SignFunction's log events have the id
   * under the same name.
   */
  @Test
  void aRequestIsLoggedAsOneLineOfJsonWithoutInputOfItsClient() {
    for (int branch : List.of(1, 2)) {
      assertThat(format(branch)).doesNotContain("\n", "${");
      assertThat(LogAssertions.json(format(branch)).valueStream())
          .isNotEmpty()
          .allMatch(JsonNode::isTextual);
    }
    JsonNode line = LogAssertions.json(format(2));
    assertThat(line.valueStream().map(JsonNode::asText).filter(value -> value.contains("$")))
        .isNotEmpty()
        .isSubsetOf(HARMLESS);
    assertThat(line.path("apiRequestId").asText()).isEqualTo("$context.requestId");
  }

  @Test
  void theClientsAddressIsLoggedOnlyIfTheParameterIsTrue() {
    assertThat(format(1)).contains("\"clientAddress\":\"" + CLIENT_ADDRESS + "\"");
    assertThat(format(2)).doesNotContain(CLIENT_ADDRESS);
    assertThat(map(TEMPLATE.root().get("Conditions")).get("ClientAddressIsLogged"))
        .isEqualTo(Map.of("Fn::Equals", List.of(Map.of("Ref", "AccessLogClientAddress"), "true")));
    assertThat(map(map(TEMPLATE.root().get("Parameters")).get("AccessLogClientAddress")))
        .containsEntry("Default", "false");
  }
}
