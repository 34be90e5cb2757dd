package dev.signrelay.priming;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.signrelay.DispatchHandler;
import dev.signrelay.RetryHandler;
import dev.signrelay.SignHandler;
import dev.signrelay.app.Services;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.local.LocalContext;
import dev.signrelay.testing.TestEnvironment;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** One server stands for the upstream and for AWS. */
@ResourceLock(Resources.SYSTEM_PROPERTIES) // priming sets one
final class SnapStartIT {

  @RegisterExtension final WireMockExtension server = WireMockExtension.newInstance().build();

  private final Map<String, String> environment = new HashMap<>(TestEnvironment.REQUIRED);
  private final List<String> clients = new ArrayList<>();
  private final AtomicInteger primed = new AtomicInteger();

  @BeforeEach
  void upstreamSigns() {
    server.stubFor(any(anyUrl()).willReturn(aResponse().withBody("signature")));
    environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
    environment.put("CRYPTO_CLIENT_BASE_URL", server.baseUrl());
    environment.put("CRYPTO_CLIENT_ALLOW_PLAIN_HTTP", "true");
    environment.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0");
    environment.put("JOB_TABLE", "jobs");
    for (String queue : List.of("RETRY", "CALLBACK", "LINE", "DEAD_LETTER")) {
      environment.put(queue + "_QUEUE_URL", server.baseUrl() + "/" + queue);
    }
  }

  static Stream<Named<SnapStart.Primer>> functions() {
    return Stream.of(
        named("SignFunction", SnapStartIT::prime),
        named("RetryFunction", SnapStartIT::primeRetries),
        named("DispatchFunction", SnapStartIT::primeDispatch));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void theSnapshotHasTheServicesAndTheSdksClientsAndNoneWasUsed(SnapStart.Primer primer) {
    start(primer);

    assertThat(primed).hasValue(1);
    assertThat(clients).containsExactly("SQS", "DynamoDB");
    assertThat(server.getAllServeEvents()).isEmpty();
  }

  @Test
  void withoutASnapshotOnlyWhatAnOrdinaryRequestNeedsIsInitialized() {
    environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");

    start(SnapStartIT::prime);
    assertThat(primed).hasValue(0);
    assertThat(clients).isEmpty();

    environment.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "10");
    start(SnapStartIT::prime);
    assertThat(clients).containsExactly("DynamoDB");
    assertThat(server.getAllServeEvents()).isEmpty();
  }

  static Stream<Named<SnapStart.Primer>> failures() {
    return Stream.of(
        named(
            "no port",
            _ -> {
              throw new IOException();
            }),
        named(
            "a missing class",
            _ -> {
              throw new NoClassDefFoundError();
            }));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFunctionWhosePrimingFailedWorks(SnapStart.Primer failing) {
    Services services = start(failing);

    var sign = new LambdaFunction("SignFunction", new SignHandler(services), Duration.ofSeconds(5));
    assertThat(sign.invoke("{\"rawQueryString\":\"message=hello\"}").path("statusCode").asInt())
        .isEqualTo(200);
  }

  @Test
  void anInvalidSettingIsReportedBeforeThePriming() {
    environment.put("RETRY_MAX_ATTEMPTS", "0");

    assertThatThrownBy(() -> start(SnapStartIT::prime))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("RETRY_MAX_ATTEMPTS");
    assertThat(primed).hasValue(0);
  }

  private static void prime(Priming priming) throws IOException {
    priming.sign((services, event) -> new SignHandler(services).handleRequest(event, null));
  }

  private static void primeRetries(Priming priming) throws IOException {
    priming.retry(
        (services, event) ->
            new RetryHandler(services)
                .handleRequest(
                    event, LocalContext.of("RetryFunction", Priming.TIME, new SystemTime())));
  }

  private static void primeDispatch(Priming priming) throws IOException {
    priming.dispatch(
        (services, event) ->
            new DispatchHandler(services)
                .handleRequest(
                    event,
                    LocalContext.of(
                        "DispatchFunction",
                        Priming.DISPATCH_TIME.plusSeconds(1),
                        new SystemTime())));
  }

  private Services start(SnapStart.Primer primer) {
    return SnapStart.services(
        priming -> {
          primed.incrementAndGet();
          primer.prime(
              new Priming(
                  1, priming.isLimited(), priming.hasRecords(), priming.time(), priming.log()));
        },
        environment::get,
        AwsClients.of(
            () -> client("SQS", SqsClient.builder()),
            () -> client("DynamoDB", DynamoDbClient.builder())));
  }

  private <B extends AwsClientBuilder<B, C>, C> C client(String name, B builder) {
    clients.add(name);
    return builder
        .endpointOverride(URI.create(server.baseUrl()))
        .region(Region.US_EAST_1)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .build();
  }
}
