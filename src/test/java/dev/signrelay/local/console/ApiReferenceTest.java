package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.testing.OpenApi;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The API description as served by the local run. */
final class ApiReferenceTest {

  private static final String INBOX = "http://localhost:3200/inbox";
  private static final String PARAMETER = "/paths/~1crypto~1sign/get/parameters/1";
  private static final String EXAMPLE =
      "/paths/~1crypto~1sign/post/requestBody/content/application~1json/examples/callback/value";

  private final ObjectNode shown = ApiReference.document(INBOX);

  @Test
  void everyExampleIsNamedByWhatItShows() {
    assertThat(shown.findValues("examples").stream().flatMap(JsonNode::valueStream))
        .filteredOn(example -> !example.has("$ref")) // they are examples of the document as well
        .hasSizeGreaterThan(20)
        .allSatisfy(example -> assertThat(example.path("summary").asText()).isNotEmpty());
  }

  @Test
  void onlyTheServerAndTheCallbackUrlAreThoseOfTheLocalRun() {
    OpenApi parameter =
        OpenApi.of(shown).at("paths", "/crypto/sign", "get").parameter("callback_url");

    assertThat(shown.at("/servers")).hasSize(1);
    assertThat(shown.at("/servers/0/url").asText()).isEqualTo("/");
    assertThat(parameter.at("example").text()).isEqualTo(INBOX);
    assertThat(shown.at(EXAMPLE).path("callback_url").asText()).isEqualTo(INBOX);
    assertThat(parameter.at("schema").violations("https://example.com/")).isEmpty();
    assertThat(parameter.at("schema").violations(INBOX)).isEmpty();
    assertThat(parameter.at("schema").violations("ftp://example.com/")).isNotEmpty();
    assertThat(without(shown)).isEqualTo(without(ApiReference.openApi()));
  }

  private static JsonNode without(ObjectNode document) {
    ObjectNode rest = document.deepCopy();
    rest.remove("servers");
    ((ObjectNode) rest.at(PARAMETER)).remove("example");
    ((ObjectNode) rest.at(EXAMPLE)).remove("callback_url");
    ((ObjectNode) rest.at("/components/schemas/CallbackUrl"))
        .remove(List.of("pattern", "description"));
    return rest;
  }
}
