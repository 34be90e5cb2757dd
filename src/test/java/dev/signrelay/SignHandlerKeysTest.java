package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the handler does where clients need keys. */
final class SignHandlerKeysTest {

  private static final String KEY = "client-key-0123456789";
  private static final String OTHER = "other-key-0123456789";

  private final Parts parts = new Parts().with("CLIENT_API_KEYS", KEY + " " + OTHER);

  /** API Gateway hands names over in lower case, {@code sam local start-api} in mixed case. */
  @ParameterizedTest
  @CsvSource({
    "authorization, Bearer client-key-0123456789",
    "Authorization, bearer other-key-0123456789",
    "x-api-key, client-key-0123456789",
    "X-Api-Key, other-key-0123456789",
    "X-API-KEY, other-key-0123456789",
  })
  void aRequestWithAKeyIsSigned(String header, String value) {
    assertThat(get("message=hello", header, value).path("statusCode").intValue()).isEqualTo(200);
    assertThat(parts.signed).containsExactly("hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {"message=hello&callback_url=https://receiver.example/", "", "message=%"})
  void aRequestWithoutOneIsRefusedBeforeAnyOfItIsRead(String query) {
    parts.upstream = _ -> Parts.unsigned("http-503");

    JsonNode answer = get(query, "x-api-key", "not-a-key-0123456789");

    assertThat(answer.path("statusCode").intValue()).isEqualTo(401);
    assertThat(answer.path("body").asText())
        .startsWith("{\"success\":false,\"data\":null,\"error\":\"A valid key is required");
    JsonNode headers = answer.path("headers");
    assertThat(headers.path("WWW-Authenticate").asText()).isEqualTo("Bearer realm=\"SignRelay\"");
    assertThat(headers.path("X-Request-Id").asText()).isEqualTo(Parts.id(1));
    assertThat(headers.path("X-Sign-Status").asText()).isEqualTo("rejected");
    assertThat(parts.signed).isEmpty();
    assertThat(parts.sent).isEmpty();
    assertThat(parts.dead).isEmpty();
  }

  @Test
  void aRefusalIsLoggedWithoutTheKey() {
    get("message=hello", "Authorization", "Bearer not-a-key-0123456789");

    assertThat(parts.log)
        .singleElement()
        .hasToString(
            "LogEvent[level=INFO, name=request refused, fields={id=%s, error=no valid key}]"
                .formatted(Parts.id(1)));
  }

  @Test
  void aRequestWithoutHeadersIsRefused() {
    assertThat(
            parts
                .answer(Json.object().put("rawQueryString", "message=m"))
                .path("statusCode")
                .asInt())
        .isEqualTo(401);
  }

  private JsonNode get(String query, String header, String value) {
    ObjectNode event = Json.object().put("rawQueryString", query);
    event.putObject("headers").put("accept", "*/*").put(header, value);
    return parts.answer(event);
  }
}
