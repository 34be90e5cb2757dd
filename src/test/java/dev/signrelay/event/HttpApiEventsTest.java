package dev.signrelay.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpApiEventsTest {

  private final APIGatewayV2HTTPEvent event = new APIGatewayV2HTTPEvent();

  @Test
  void whatAnEventDoesNotHaveIsEmpty() {
    assertThat(HttpApiEvents.rawQuery(event)).isEmpty();
    assertThat(HttpApiEvents.apiRequestId(event)).isEmpty();
    assertThat(HttpApiEvents.received(event)).isEqualTo(Instant.EPOCH);
    assertThat(HttpApiEvents.header(event, "authorization")).isEmpty();
    assertThat(HttpApiEvents.route(event)).isEmpty();
    assertThat(HttpApiEvents.body(event)).isEmpty();
    assertThat(HttpApiEvents.isBase64(event)).isFalse();
  }

  @Test
  void anEmptyContextIsThatOfAnEventWithoutOne() {
    event.setRequestContext(new APIGatewayV2HTTPEvent.RequestContext());

    assertThat(HttpApiEvents.apiRequestId(event)).isEmpty();
    assertThat(HttpApiEvents.received(event)).isEqualTo(Instant.EPOCH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-api-key", "X-Api-Key", "X-API-KEY"})
  void theCaseOfAHeadersNameDoesNotMatter(String name) {
    event.setHeaders(Map.of("accept", "*/*", name, "key"));

    assertThat(HttpApiEvents.header(event, "x-api-key")).isEqualTo("key");
    assertThat(HttpApiEvents.header(event, "authorization")).isEmpty();
  }

  @Test
  void aHeaderWithoutAValueIsEmpty() {
    event.setHeaders(Collections.singletonMap("x-api-key", null));

    assertThat(HttpApiEvents.header(event, "x-api-key")).isEmpty();
  }
}
