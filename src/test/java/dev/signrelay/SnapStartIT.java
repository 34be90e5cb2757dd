package dev.signrelay;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.local.LambdaFunction;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class SnapStartIT {

  @RegisterExtension final WireMockExtension upstream = WireMockExtension.newInstance().build();

  private final Map<String, String> environment = new HashMap<>(Parts.ENVIRONMENT);
  private final AtomicInteger made = new AtomicInteger();

  @BeforeEach
  void upstreamSigns() {
    upstream.stubFor(any(anyUrl()).willReturn(aResponse().withBody("signature")));
    environment.put("CRYPTO_CLIENT_BASE_URL", upstream.baseUrl());
    environment.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0");
  }

  @Test
  void noPartsAreInTheSnapshotAndTheUpstreamIsNotCalledForIt() {
    SnapStart start = start(Rehearsal::signing);

    start.beforeCheckpoint(null);

    assertThat(made).hasValue(0);
    assertThat(upstream.getAllServeEvents()).isEmpty();
  }

  @Test
  void partsAreMadeOnceAfterARestore() {
    SnapStart start = start(Rehearsal::signing);
    start.beforeCheckpoint(null);

    start.afterRestore(null);
    get(start);
    get(start);

    assertThat(made).hasValue(1);
  }

  @Test
  void aKeyThatWasRotatedAfterTheSnapshotIsUsed() {
    environment.put("CRYPTO_CLIENT_API_KEY", "the-old-key");
    SnapStart start = start(Rehearsal::signing);
    start.beforeCheckpoint(null);
    environment.put("CRYPTO_CLIENT_API_KEY", "the-new-key");

    start.afterRestore(null);
    get(start);

    assertThat(upstream.getAllServeEvents())
        .singleElement()
        .extracting(call -> key(call.getRequest()))
        .isEqualTo("the-new-key");
  }

  @Test
  void twoProcessesOfOneSnapshotNeverShareAnId() {
    SnapStart one = start(Rehearsal::signing);
    SnapStart other = start(Rehearsal::signing);
    one.beforeCheckpoint(null);
    other.beforeCheckpoint(null);

    one.afterRestore(null);
    other.afterRestore(null);

    assertThat(id(get(one))).isNotEqualTo(id(get(other))).isNotEqualTo(id(get(one)));
  }

  @Test
  void aFunctionThatCouldNotRehearseWorks() {
    SnapStart start =
        start(
            _ -> {
              throw new IOException("no port");
            });

    start.beforeCheckpoint(null);
    start.afterRestore(null);

    assertThat(get(start).path("statusCode").asInt()).isEqualTo(200);
  }

  @Test
  void aWrongSettingIsToldBeforeAnyHookRuns() {
    environment.put("RETRY_MAX_ATTEMPTS", "0");

    assertThatThrownBy(() -> start(Rehearsal::signing))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("RETRY_MAX_ATTEMPTS");
  }

  private SnapStart start(SnapStart.Preparation preparation) {
    return new SnapStart(preparation, environment::get, this::parts);
  }

  private Wiring parts() {
    made.incrementAndGet();
    return Wiring.of(
        Config.from(environment::get),
        AwsClients.fromEnvironment(),
        InstantSource.system(),
        _ -> {});
  }

  private static JsonNode get(SnapStart start) {
    return new LambdaFunction("SignFunction", new SignHandler(start), Duration.ofSeconds(5))
        .invoke("{\"rawQueryString\":\"message=hello\"}");
  }

  private static String id(JsonNode answer) {
    return answer.path("headers").path("X-Request-Id").asText();
  }

  private static String key(LoggedRequest request) {
    return request.getHeader("Authorization");
  }
}
