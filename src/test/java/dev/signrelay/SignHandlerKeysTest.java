package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.testing.FakeServices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the handler does where clients need keys. */
final class SignHandlerKeysTest {

  private static final String KEY = "client-key-0123456789";
  private static final String OTHER = "other-key-0123456789";

  private final FakeServices fakes = new FakeServices().with("CLIENT_API_KEYS", KEY + " " + OTHER);

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
    assertThat(fakes.signed).containsExactly("hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {"message=hello&callback_url=https://receiver.example/", "", "message=%"})
  void aRequestWithoutOneIsRefusedBeforeAnyOfItIsRead(String query) {
    fakes.upstream = _ -> FakeServices.failed("http-503");

    JsonNode answer = get(query, "x-api-key", "not-a-key-0123456789");

    assertThat(answer.path("statusCode").intValue()).isEqualTo(401);
    assertThat(answer.path("body").asText())
        .startsWith("{\"success\":false,\"data\":null,\"error\":\"A valid key is required");
    JsonNode headers = answer.path("headers");
    assertThat(headers.path("WWW-Authenticate").asText()).isEqualTo("Bearer realm=\"SignRelay\"");
    assertThat(headers.path("X-Request-Id").asText()).isEqualTo(FakeServices.id(1));
    assertThat(headers.path("X-Sign-Status").asText()).isEqualTo("rejected");
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.dead).isEmpty();
  }

  @Test
  void aRefusalIsLoggedWithoutTheKey() {
    get("message=hello", "Authorization", "Bearer not-a-key-0123456789");

    assertThat(fakes.log)
        .singleElement()
        .hasToString(
            """
            LogEvent[level=INFO, name=request refused, \
            fields={id=%s, error=A valid key is required, as Authorization: Bearer or as x-api-key., status=401}, \
            measurements={REQUESTS=1, REFUSED=1}]"""
                .formatted(FakeServices.id(1)));
  }

  @Test
  void aRequestWithoutHeadersIsRefused() {
    assertThat(
            fakes
                .answer(Json.object().put("rawQueryString", "message=m"))
                .path("statusCode")
                .asInt())
        .isEqualTo(401);
  }

  private JsonNode get(String query, String header, String value) {
    ObjectNode event = Json.object().put("rawQueryString", query);
    event.putObject("headers").put("accept", "*/*").put(header, value);
    return fakes.answer(event);
  }
}
