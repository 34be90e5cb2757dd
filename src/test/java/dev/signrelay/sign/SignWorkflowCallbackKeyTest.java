package dev.signrelay.sign;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.SignHandler;
import dev.signrelay.testing.FakeServices;
import org.junit.jupiter.api.Test;

final class SignWorkflowCallbackKeyTest {

  private static final String PRIVATE = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
  private static final String PUBLIC = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  private static final String OTHER = "whpk_PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";

  private final FakeServices fakes = new FakeServices();

  @Test
  void thePublicKeyIsToldWithoutAClientKeyAndMayBeCached() {
    fakes.with("CALLBACK_PUBLIC_KEY", PUBLIC).with("CLIENT_API_KEYS", "0123456789abcdef");

    APIGatewayV2HTTPResponse response = get();

    assertThat(response.getStatusCode()).isEqualTo(200);
    assertThat(response.getBody()).isEqualTo("{\"success\":true,\"data\":\"" + PUBLIC + "\"}");
    assertThat(response.getHeaders())
        .containsEntry("Content-Type", "application/json")
        .containsEntry("Cache-Control", "public, max-age=3600")
        .containsEntry("X-Request-Id", FakeServices.id(1));
    assertThat(fakes.log)
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.fields())
                    .containsEntry("id", FakeServices.id(1))
                    .containsEntry("status", 200));
  }

  @Test
  void duringARotationThereAreSeveral() {
    fakes.with("CALLBACK_PUBLIC_KEY", " " + PUBLIC + "\n" + OTHER);

    assertThat(get().getBody())
        .isEqualTo("{\"success\":true,\"data\":\"" + PUBLIC + " " + OTHER + "\"}");
  }

  @Test
  void aLocalRunDerivesItFromThePrivateKey() {
    fakes.with("CALLBACK_SIGNING_KEY", PRIVATE);

    assertThat(get().getBody()).contains(PUBLIC).doesNotContain("whsk_");
  }

  @Test
  void withoutOneTheAnswerIs404AndNotCached() {
    APIGatewayV2HTTPResponse response = get();

    assertThat(response.getStatusCode()).isEqualTo(404);
    assertThat(response.getHeaders()).containsEntry("Cache-Control", "no-store");
    assertThat(response.getBody()).startsWith("{\"success\":false,\"data\":null,\"error\":");
  }

  private APIGatewayV2HTTPResponse get() {
    var event = new APIGatewayV2HTTPEvent();
    event.setRouteKey("GET /crypto/callback-key");
    return new SignHandler(fakes.services()).handleRequest(event, null);
  }
}
