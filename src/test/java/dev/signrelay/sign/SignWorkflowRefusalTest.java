package dev.signrelay.sign;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeServices;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are refused before the upstream is called. */
final class SignWorkflowRefusalTest {

  private static final String PLAIN = "message=hello";
  private static final String WITH_CALLBACK = PLAIN + "&callback_url=https://receiver.example/";
  private static final String KEYS = "client-key-0123456789 other-key-0123456789";

  private final FakeServices fakes = new FakeServices();

  @Test
  void anInvalidRequestIsRefusedWithTheRule() {
    APIGatewayV2HTTPResponse response = answer("message=");

    assertThat(response.getStatusCode()).isEqualTo(400);
    assertThat(response.getBody()).contains("\"message must not be empty\"");
    assertThat(fakes.signed).isEmpty();
  }

  @Test
  void anInvalidBodyIsRefusedWithTheRule() {
    APIGatewayV2HTTPResponse response = post("application/json", "{\"message\":1}");

    assertThat(response.getStatusCode()).isEqualTo(400);
    assertThat(response.getBody()).contains("\"message must be a string\"");
    assertThat(fakes.signed).isEmpty();
  }

  @Test
  void aBodyThatIsNotJsonIsAnsweredWith415() {
    APIGatewayV2HTTPResponse response = post("text/plain", "{\"message\":\"hello\"}");

    assertThat(response.getStatusCode()).isEqualTo(415);
    assertThat(response.getBody())
        .isEqualTo(
            "{\"success\":false,\"data\":null,"
                + "\"error\":\"Content-Type must be application/json, in UTF-8\"}");
    assertThat(response.getHeaders()).containsEntry("X-Sign-Status", "rejected");
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.log)
        .containsExactly(
            LogEvent.of(Level.INFO, "request refused")
                .with("id", FakeServices.id(1))
                .with("error", "Content-Type must be application/json, in UTF-8")
                .with("status", 415)
                .counted(Metric.REQUESTS)
                .counted(Metric.REFUSED));
  }

  @Test
  void theBodyIsReadOnItsRouteOnly() {
    var event = ApiEvents.post("application/json", "{\"message\":\"body\"}", FakeServices.START);
    event.setRouteKey("GET /crypto/sign");
    event.setRawQueryString(PLAIN);

    new SignWorkflow(fakes.services()).handle(event, FakeServices.START);
    post("application/json", "{\"message\":\"body\"}");

    assertThat(fakes.signed).containsExactly("hello", "body");
  }

  @Test
  void requestsWithACallbackUrlAreRefusedWhileCallbacksAreDisabled() {
    fakes.with("CALLBACK_ENABLED", "false");

    assertThat(answer(WITH_CALLBACK).getStatusCode()).isEqualTo(400);
    assertThat(answer(PLAIN).getStatusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://169.254.169.254/",
        "https://localhost/",
        "https://[::1]/",
        "https://other.example/",
        "https://receiver.example:9001/",
      })
  void aForbiddenDestinationIsRefused(String url) {
    fakes.with("CALLBACK_ALLOWED_HOSTS", "receiver.example 169.254.169.254 localhost");

    assertThat(answer(PLAIN + "&callback_url=" + url).getStatusCode()).isEqualTo(400);
    assertThat(fakes.signed).isEmpty();
    assertThat(answer(WITH_CALLBACK).getStatusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"Bearer client-key-0123456789, ''", "'', other-key-0123456789"})
  void aRequestWithAValidKeyIsSigned(String authorization, String apiKey) {
    fakes.with("CLIENT_API_KEYS", KEYS);

    assertThat(answer(PLAIN, authorization, apiKey).getStatusCode()).isEqualTo(200);
    assertThat(fakes.signed).containsExactly("hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH_CALLBACK, "", "message=%"})
  void aRequestWithoutAValidKeyIsRefusedBeforeItIsParsed(String query) {
    fakes.with("CLIENT_API_KEYS", KEYS).upstream = _ -> FakeServices.failed("http-503");

    assertThat(answer(query, "Bearer not-a-key-0123456789", "").getStatusCode()).isEqualTo(401);
    assertThat(answer(query, "", "").getStatusCode()).isEqualTo(401);

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.dead).isEmpty();
    assertThat(fakes.log)
        .first()
        .isEqualTo(
            LogEvent.of(Level.INFO, "request refused")
                .with("id", FakeServices.id(1))
                .with("error", "A valid key is required, as Authorization: Bearer or as x-api-key.")
                .with("status", 401)
                .counted(Metric.UNAUTHORIZED)
                .counted(Metric.REQUESTS)
                .counted(Metric.REFUSED));
  }

  @Test
  void withoutTheKeysOfClientsARequestIsAnsweredWith503() {
    fakes.with("CLIENT_API_KEYS", KEYS).clientKeysAreKnown = false;

    APIGatewayV2HTTPResponse response = answer(WITH_CALLBACK, "Bearer client-key-0123456789", "");

    assertThat(response.getStatusCode()).isEqualTo(503);
    assertThat(response.getHeaders())
        .containsEntry("X-Sign-Status", "unsigned")
        .containsEntry("Retry-After", "5");
    assertThat(response.getBody()).contains("\"The key cannot be checked. Retry later.\"");
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.log)
        .containsExactly(
            LogEvent.of(Level.ERROR, "client keys unavailable")
                .with("id", FakeServices.id(1))
                .with("status", 503)
                .counted(Metric.REQUESTS)
                .counted(Metric.UNAVAILABLE));
  }

  private APIGatewayV2HTTPResponse post(String contentType, String body) {
    Instant now = FakeServices.START;
    return new SignWorkflow(fakes.services()).handle(ApiEvents.post(contentType, body, now), now);
  }

  private APIGatewayV2HTTPResponse answer(String query) {
    return answer(query, "", "");
  }

  private APIGatewayV2HTTPResponse answer(String query, String authorization, String apiKey) {
    Instant now = FakeServices.START;
    return new SignWorkflow(fakes.services())
        .handle(
            ApiEvents.request(
                query, now, Map.of("authorization", authorization, "x-api-key", apiKey)),
            now);
  }
}
