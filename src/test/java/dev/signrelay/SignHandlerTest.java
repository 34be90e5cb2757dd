package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.testing.FakeServices;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The contract with API Gateway. {@code SignWorkflowTest} tests the answers. */
final class SignHandlerTest {

  private final FakeServices fakes = new FakeServices();

  @Test
  void aResponseHasTheFormThatApiGatewayReads() {
    JsonNode response = fakes.answer(Json.object().put("rawQueryString", "message=hello"));

    ObjectNode expected = Json.object().put("statusCode", 200);
    expected
        .putObject("headers")
        .put("Content-Type", "application/json")
        .put("Cache-Control", "no-store")
        .put("X-Request-Id", FakeServices.id(1))
        .put("X-Sign-Status", "signed");
    expected.put("body", "{\"success\":true,\"data\":\"signature\"}").put("isBase64Encoded", false);
    assertThat(response).isEqualTo(expected);
  }

  @Test
  void theBudgetBeginsAtTheTimeOfTheEvent() {
    ObjectNode event = Json.object().put("rawQueryString", "message=hello");
    event
        .putObject("requestContext")
        .put("timeEpoch", FakeServices.START.minusMillis(900).toEpochMilli());

    fakes.answer(event);

    assertThat(fakes.upstreamTimeouts).containsExactly(Duration.ofMillis(550));
  }

  @Test
  void anEventWithoutMembersIsABadRequest() {
    APIGatewayV2HTTPResponse response =
        new SignHandler(fakes.services()).handleRequest(new APIGatewayV2HTTPEvent(), null);

    assertThat(response.getStatusCode()).isEqualTo(400);
    assertThat(response.getBody()).contains("message");
  }

  @Test
  void anEventThatIsNotJsonIsAnswered503() {
    JsonNode response =
        new LambdaFunction("SignFunction", new SignHandler(fakes.services()), Duration.ofSeconds(5))
            .invoke("no JSON");

    assertThat(response.path("statusCode").intValue()).isEqualTo(503);
    assertThat(response.path("headers").path("X-Request-Id").textValue())
        .isEqualTo(FakeServices.id(1));
    assertThat(fakes.log)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.name()).isEqualTo("unexpected failure");
              assertThat(event.fields()).containsEntry("id", FakeServices.id(1));
            });
  }
}
