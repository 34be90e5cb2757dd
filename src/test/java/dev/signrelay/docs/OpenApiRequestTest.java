package dev.signrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.request.Body;
import dev.signrelay.request.CallbackUrl;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.request.SignRequest;
import dev.signrelay.testing.OpenApi;
import dev.signrelay.testing.ResultOrRule;
import dev.signrelay.testing.TestDestinations;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds and schemas of requests in {@code openapi.yaml} match the code. */
final class OpenApiRequestTest {

  private static final OpenApi DOCUMENT = OpenApi.read();
  private static final OpenApi SIGN = DOCUMENT.at("paths", "/crypto/sign", "get");
  private static final OpenApi BODY =
      DOCUMENT.at("paths", "/crypto/sign", "post", "requestBody", "content", "application/json");

  @Test
  void theBoundsAreThoseOfTheCode() {
    OpenApi message = SIGN.parameter("message");
    OpenApi url = SIGN.parameter("callback_url");
    int bytes = SignRequest.MAX_MESSAGE_BYTES;
    assertThat(message.at("schema", "maxLength").node().intValue()).isEqualTo(bytes);
    assertThat(message.at("description").text()).contains("%,d bytes".formatted(bytes));
    assertThat(url.at("schema", "maxLength").node().intValue()).isEqualTo(CallbackUrl.MAX_LENGTH);
    assertThat(url.at("schema", "description").text().replace('\n', ' '))
        .contains("The port must be " + SettingsTables.defaultPorts() + ",");
    assertThat(SIGN.parameter("valid_for").at("schema", "maximum").node().longValue())
        .isEqualTo(SignRequest.MAX_VALID_FOR.toSeconds());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"message\":\"m\"}",
        "{\"message\":\"m\",\"callback_url\":\"https://example.com/\",\"valid_for\":1}",
        "{\"message\":\"m\",\"valid_for\":1209600,\"other\":[null]}",
        "{}",
        "[]",
        "{\"message\":\"\"}",
        "{\"message\":null}",
        "{\"message\":1}",
        "{\"message\":\"m\",\"callback_url\":null}",
        "{\"message\":\"m\",\"callback_url\":\"http://example.com/\"}",
        "{\"message\":\"m\",\"valid_for\":0}",
        "{\"message\":\"m\",\"valid_for\":1209601}",
        "{\"message\":\"m\",\"valid_for\":\"60\"}",
        "{\"message\":\"m\",\"valid_for\":1.5}"
      })
  void theSchemaOfABodyAcceptsWhatTheCodeAccepts(String body) throws Exception {
    boolean accepted =
        ResultOrRule.of(
                () ->
                    SignRequest.parse(
                        "", new Body("application/json", "", body, false), TestDestinations.PUBLIC))
            instanceof SignRequest;
    assertThat(BODY.at("schema").violations(Json.read(body)).isEmpty()).isEqualTo(accepted);
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com, true",
    "https://example.com:8443/a/b?c=d&e=@f, true",
    "https://[2606:4700:4700::1111]/, true",
    "https://example.com?a=b, true",
    "http://example.com/, false",
    "ftp://example.com/, false",
    "example.com/inbox, false",
    "https:///inbox, false",
    "https://user@example.com/, false",
    "https://user:password@example.com/, false",
    "https://example.com/#part, false",
    "https://example.com/a b, false",
  })
  void theSchemaOfACallbackUrlAcceptsWhatTheCodeAccepts(String url, boolean accepted) {
    OpenApi schema = SIGN.parameter("callback_url").at("schema");
    assertThat(
            ResultOrRule.of(() -> CallbackUrl.parse(url, TestDestinations.PUBLIC)) instanceof URI)
        .isEqualTo(accepted);
    assertThat(schema.violations(url).isEmpty()).isEqualTo(accepted);
  }

  @Test
  void aKeyIsAcceptedInEveryDocumentedScheme() {
    OpenApi schemes = DOCUMENT.at("components", "securitySchemes");
    String key = "0123456789abcdef";
    ClientKeys keys = ClientKeys.parse(key).orElseThrow();
    assertThat(DOCUMENT.at("security").node().valueStream().flatMap(JsonNode::propertyStream))
        .extracting(Map.Entry::getKey)
        .containsExactlyElementsOf(schemes.names());
    assertThat(keys.admit(schemes.at("bearerKey", "scheme").text() + " " + key, "")).isPresent();
    assertThat(schemes.at("headerKey", "name").text()).isEqualTo("x-api-key");
    assertThat(keys.admit("", key)).isPresent();
  }
}
