package dev.signrelay.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpApiRequestTest {

  private final APIGatewayV2HTTPEvent event = new APIGatewayV2HTTPEvent();

  @Test
  void whatAnEventDoesNotHaveIsEmpty() {
    var empty = new HttpApiRequest("", Instant.EPOCH, "", Map.of(), "", Map.of(), "", false);

    assertThat(HttpApiRequest.of(event)).isEqualTo(empty);
    event.setRequestContext(new APIGatewayV2HTTPEvent.RequestContext());
    assertThat(HttpApiRequest.of(event)).isEqualTo(empty);
    assertThat(empty.header("authorization")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-api-key", "X-Api-Key", "X-API-KEY"})
  void theCaseOfAHeadersNameDoesNotMatter(String name) {
    event.setHeaders(Map.of("accept", "*/*", name, "key"));

    assertThat(HttpApiRequest.of(event).header("x-api-key")).isEqualTo("key");
  }
}
