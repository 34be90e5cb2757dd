package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaEvents;
import dev.signrelay.local.LocalContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The sample events, through AWS's own event serialization, are what their names say. */
final class EventsTest {

  private final Parts parts = new Parts().with("CALLBACK_ALLOW_PRIVATE_ADDRESSES", "true");

  @Test
  void signIsSignedAtOnce() throws Exception {
    JsonNode answer = sign("sign");

    assertThat(answer.path("statusCode").intValue()).isEqualTo(200);
    assertThat(answer.path("headers").path("X-Sign-Status").asText()).isEqualTo("signed");
    assertThat(answer.path("body").asText()).isEqualTo("{\"success\":true,\"data\":\"signature\"}");
    assertThat(parts.signed).containsExactly("hello");
  }

  @Test
  void signWithCallbackIsQueuedIfTheUpstreamFails() throws Exception {
    parts.upstream = _ -> Parts.unsigned("http-500");

    assertThat(sign("sign-with-callback").path("headers").path("X-Sign-Status").asText())
        .isEqualTo("queued");
    assertThat(parts.signed).containsExactly("hello world");
  }

  @Test
  void signBadRequestIsRefused() throws Exception {
    assertThat(sign("sign-bad-request").path("statusCode").intValue()).isEqualTo(400);
  }

  @Test
  void retryNeedsSignatureSignsAndDeliversEachRecord() throws Exception {
    assertThat(retry("retry-needs-signature")).isEmpty();

    assertThat(parts.signed).containsExactlyInAnyOrder("hello world", "grüße 🌍");
    assertThat(parts.delivered).hasSize(2);
  }

  @Test
  void retryNeedsCallbackOnlyDelivers() throws Exception {
    assertThat(retry("retry-needs-callback")).isEmpty();

    assertThat(parts.signed).isEmpty();
    assertThat(parts.delivered).hasSize(1);
  }

  @Test
  void retryPoisonFailsTheOneRecordThatIsNoJob() throws Exception {
    assertThat(retry("retry-poison"))
        .extracting(f -> f.path("itemIdentifier").asText())
        .containsExactly("2e1424e4-f796-459a-8184-9c92662be6da");

    assertThat(parts.delivered).hasSize(2);
  }

  private JsonNode sign(String event) throws IOException, Json.MalformedJsonException {
    var function =
        new LambdaEvents<>(
            new SignHandler(parts.wiring()),
            APIGatewayV2HTTPEvent.class,
            APIGatewayV2HTTPResponse.class);
    return Json.read(
        function.invoke(text(event), LocalContext.of("SignFunction", Duration.ofSeconds(5))));
  }

  private JsonNode retry(String event) throws IOException, Json.MalformedJsonException {
    var function =
        new LambdaEvents<>(
            new RetryHandler(parts.wiring()), SQSEvent.class, SQSBatchResponse.class);
    return Json.read(
            function.invoke(text(event), LocalContext.of("RetryFunction", Duration.ofSeconds(30))))
        .path("batchItemFailures");
  }

  private static String text(String event) throws IOException {
    try (var stream = EventsTest.class.getResourceAsStream("/events/" + event + ".json")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
