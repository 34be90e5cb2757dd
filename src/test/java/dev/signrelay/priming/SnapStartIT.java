package dev.signrelay.priming;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.signrelay.DispatchHandler;
import dev.signrelay.RetryHandler;
import dev.signrelay.SignHandler;
import dev.signrelay.app.Config;
import dev.signrelay.app.ServiceFactory;
import dev.signrelay.app.Services;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.local.LocalContext;
import dev.signrelay.testing.TestEnvironment;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SnapStartIT {

  @RegisterExtension final WireMockExtension upstream = WireMockExtension.newInstance().build();

  private final Map<String, String> environment = new HashMap<>(TestEnvironment.REQUIRED);
  private final AtomicInteger created = new AtomicInteger();

  @BeforeEach
  void upstreamSigns() {
    upstream.stubFor(any(anyUrl()).willReturn(aResponse().withBody("signature")));
    environment.put("CRYPTO_CLIENT_BASE_URL", upstream.baseUrl());
    environment.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0");
  }

  static Stream<Named<SnapStart.Primer>> functions() {
    return Stream.of(
        named("SignFunction", SnapStartIT::prime),
        named("RetryFunction", SnapStartIT::primeRetries),
        named("DispatchFunction", SnapStartIT::primeDispatch));
  }

  /** One server stands for the upstream and for AWS. */
  @ParameterizedTest
  @MethodSource("functions")
  void theSnapshotContainsNoServicesAndPrimingSendsNothing(SnapStart.Primer primer) {
    for (String queue : List.of("RETRY", "CALLBACK", "LINE", "DEAD_LETTER")) {
      environment.put(queue + "_QUEUE_URL", upstream.baseUrl() + "/" + queue);
    }
    var primed = new AtomicInteger();
    SnapStart start =
        start(
            priming -> {
              primer.prime(priming);
              primed.incrementAndGet();
            });

    start.beforeCheckpoint(null);

    assertThat(primed).hasValue(1);
    assertThat(created).hasValue(0);
    assertThat(upstream.getAllServeEvents()).isEmpty();
  }

  @Test
  void servicesAreCreatedOnceAfterARestore() {
    SnapStart start = start(SnapStartIT::prime);
    start.beforeCheckpoint(null);

    start.afterRestore(null);
    get(start);
    get(start);

    assertThat(created).hasValue(1);
  }

  @Test
  void aKeyThatWasRotatedAfterTheSnapshotIsUsed() {
    environment.put("CRYPTO_CLIENT_API_KEY", "the-old-key");
    SnapStart start = start(SnapStartIT::prime);
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
    SnapStart one = start(SnapStartIT::prime);
    SnapStart other = start(SnapStartIT::prime);
    one.beforeCheckpoint(null);
    other.beforeCheckpoint(null);

    one.afterRestore(null);
    other.afterRestore(null);

    assertThat(id(get(one))).isNotEqualTo(id(get(other))).isNotEqualTo(id(get(one)));
  }

  @Test
  void aFunctionWhosePrimingFailedWorks() {
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
  void anInvalidSettingIsReportedBeforeAnyHookRuns() {
    environment.put("RETRY_MAX_ATTEMPTS", "0");

    assertThatThrownBy(() -> start(SnapStartIT::prime))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("RETRY_MAX_ATTEMPTS");
  }

  private static void prime(Priming priming) throws IOException {
    priming.sign((services, event) -> new SignHandler(services).handleRequest(event, null));
  }

  private static void primeRetries(Priming priming) throws IOException {
    priming.retry(
        (services, event) ->
            new RetryHandler(services).handleRequest(event, context("RetryFunction")));
  }

  private static void primeDispatch(Priming priming) throws IOException {
    priming.dispatch(
        (services, event) ->
            new DispatchHandler(services).handleRequest(event, context("DispatchFunction")));
  }

  private static Context context(String function) {
    return LocalContext.of(function, Priming.TIME, new SystemTime());
  }

  private SnapStart start(SnapStart.Primer primer) {
    return new SnapStart(primer, environment::get, this::services);
  }

  private Services services() {
    created.incrementAndGet();
    return ServiceFactory.create(
        Config.from(environment::get), AwsClients.fromEnvironment(), new SystemTime(), _ -> {});
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
