package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ApiRequestTest {

  private static final ApiRoute SIGN = new ApiRoute("POST", "/crypto/sign");
  private static final String BODY = "{\"message\":\"grüße\"}";

  /** As text, a body that is not UTF-8 would have other characters in place of its bytes. */
  @ParameterizedTest
  @CsvSource({
    "application/json, UTF-8, false",
    "Application/JSON; charset=utf-8, UTF-8, false",
    "text/plain, UTF-8, false",
    "application/json, ISO-8859-1, true",
    "application/octet-stream, UTF-8, true",
    "application/x-www-form-urlencoded, UTF-8, true",
    "application/vnd.api+json, UTF-8, true",
    "'', UTF-8, true"
  })
  void aBodyOfATextTypeInUtf8IsPassedOnAsTextAndAnotherInBase64(
      String type, Charset charset, boolean inBase64) {
    byte[] body = BODY.getBytes(charset);

    ObjectNode event = event(type, body);

    assertThat(event.path("isBase64Encoded").booleanValue()).isEqualTo(inBase64);
    assertThat(event.path("body").textValue())
        .isEqualTo(inBase64 ? Base64.getEncoder().encodeToString(body) : BODY);
  }

  @Test
  void anEventHasTheRouteTheTimeOfReceiptAndNoBodyIfThereIsNone() {
    ObjectNode event = event("application/json", new byte[0]);

    assertThat(event.has("body")).isFalse();
    assertThat(event.path("isBase64Encoded").booleanValue()).isFalse();
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
