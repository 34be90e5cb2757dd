package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiRequestTest {

  private static final ApiRoute SIGN = new ApiRoute("POST", "/crypto/sign");
  private static final byte[] BODY = "{\"message\":\"grüße\"}".getBytes(StandardCharsets.UTF_8);

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "Application/JSON; charset=utf-8", "text/plain"})
  void aTextIsPassedOnAsText(String type) {
    ObjectNode event = event(type, BODY);

    assertThat(event.path("isBase64Encoded").booleanValue()).isFalse();
    assertThat(event.path("body").textValue()).isEqualTo("{\"message\":\"grüße\"}");
  }

  @ParameterizedTest
  @EmptySource
  @ValueSource(
      strings = {
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "application/vnd.api+json"
      })
  void anotherBodyIsPassedOnInBase64(String type) {
    ObjectNode event = event(type, BODY);

    assertThat(event.path("isBase64Encoded").booleanValue()).isTrue();
    assertThat(Base64.getDecoder().decode(event.path("body").textValue())).isEqualTo(BODY);
  }

  /** As text, it would have other characters in place of these bytes. */
  @Test
  void aBodyThatIsNotUtf8IsPassedOnInBase64() {
    byte[] body = "{\"message\":\"grüße\"}".getBytes(StandardCharsets.ISO_8859_1);

    ObjectNode event = event("application/json", body);

    assertThat(event.path("isBase64Encoded").booleanValue()).isTrue();
    assertThat(Base64.getDecoder().decode(event.path("body").textValue())).isEqualTo(body);
  }

  @Test
  void anEventWithoutABodyHasNone() {
    ObjectNode event = event("application/json", new byte[0]);

    assertThat(event.has("body")).isFalse();
    assertThat(event.path("isBase64Encoded").booleanValue()).isFalse();
  }

  @Test
  void theContextHasTheRouteAndTheTimeOfReceipt() {
    ObjectNode event = event("application/json", BODY);

    assertThat(event.path("routeKey").textValue()).isEqualTo("POST /crypto/sign");
    assertThat(event.path("pathParameters").path("id").textValue()).isEqualTo("a");
    assertThat(event.at("/requestContext/routeKey").textValue()).isEqualTo("POST /crypto/sign");
    assertThat(event.at("/requestContext/timeEpoch").longValue()).isEqualTo(1_500);
    assertThat(event.at("/requestContext/requestId").textValue()).isEqualTo("id-1");
    assertThat(event.at("/requestContext/http/method").textValue()).isEqualTo("POST");
    assertThat(event.at("/queryStringParameters/b").textValue()).isEqualTo("1,2");
  }

  private static ObjectNode event(String contentType, byte[] body) {
    var request =
        new ApiRequest(
            "POST",
            "/crypto/sign",
            "a&b=1&b=2",
            Map.of("content-type", contentType),
            body,
            "203.0.113.7");
    return request.event(SIGN, Map.of("id", "a"), "id-1", Instant.ofEpochMilli(1_500));
  }
}
