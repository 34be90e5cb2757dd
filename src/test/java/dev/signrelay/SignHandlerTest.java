package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;

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
    JsonNode response = fakes.answer(Json.object());

    assertThat(response.path("statusCode").intValue()).isEqualTo(400);
    assertThat(response.path("body").textValue()).contains("message");
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
