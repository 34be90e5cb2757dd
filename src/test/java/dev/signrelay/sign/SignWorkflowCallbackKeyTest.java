package dev.signrelay.sign;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.testing.FakeServices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SignWorkflowCallbackKeyTest {

  private static final String PRIVATE = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
  private static final String PUBLIC = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  private static final String OTHER = "whpk_PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";

  private final SignFixture fixture = new SignFixture();

  /** Several during a rotation. A local run derives it from the private key. */
  @ParameterizedTest
  @CsvSource({
    "CALLBACK_PUBLIC_KEY, " + PUBLIC + ", " + PUBLIC,
    "CALLBACK_PUBLIC_KEY, ' " + PUBLIC + "\n" + OTHER + "', " + PUBLIC + " " + OTHER,
    "CALLBACK_SIGNING_KEY, " + PRIVATE + ", " + PUBLIC
  })
  void thePublicKeysAreToldWithoutAClientKeyAndMayBeCached(
      String setting, String value, String told) {
    fixture.fakes.with(setting, value).with("CLIENT_API_KEYS", "0123456789abcdef");

    APIGatewayV2HTTPResponse response = get();

    assertThat(SignFixture.text(response)).isEqualTo("200, " + told);
    assertThat(response.getHeaders())
        .containsEntry("Content-Type", "application/json")
        .containsEntry("Cache-Control", "public, max-age=3600")
        .containsEntry("X-Request-Id", FakeServices.id(1));
    assertThat(fixture.fakes.log)
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.fields())
                    .containsEntry("id", FakeServices.id(1))
                    .containsEntry("status", 200));
  }

  @Test
  void withoutOneTheAnswerIs404AndNotCached() {
    APIGatewayV2HTTPResponse response = get();

    assertThat(SignFixture.text(response))
        .isEqualTo("404, Callbacks are not signed with a private key here.");
    assertThat(response.getHeaders()).containsEntry("Cache-Control", "no-store");
  }

  private APIGatewayV2HTTPResponse get() {
    var event = new APIGatewayV2HTTPEvent();
    event.setRouteKey("GET /crypto/callback-key");
    return fixture.answer(event);
  }
}
