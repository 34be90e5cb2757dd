package dev.signrelay.testing;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.signrelay.json.Json;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * An HTTP server with the operation {@code GetSecretValue} of AWS Secrets Manager (API reference),
 * the only one that SignRelay uses. It refuses to read secrets that it does not have.
 */
public final class FakeSecretsManager implements AutoCloseable {

  private static final String TYPE = "application/x-amz-json-1.1";

  private final WireMockServer server =
      new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());

  public FakeSecretsManager() {
    server.start();
    fail(400, "AccessDeniedException");
  }

  /** A complete ARN. */
  public static String arn(String name) {
    return "arn:aws:secretsmanager:us-east-1:000000000000:secret:" + name + "-a1B2c3";
  }

  public URI url() {
    return URI.create(server.baseUrl());
  }

  /** Stores a secret's value, or another one. */
  public void put(String arn, String value) {
    answer(arn, 200, Map.of("ARN", arn, "SecretString", value), Duration.ZERO);
  }

  /** Stores a secret that is not a text. */
  public void putBinary(String arn) {
    answer(arn, 200, Map.of("ARN", arn, "SecretBinary", "AAAA"), Duration.ZERO);
  }

  /** Answers every read with an error from now on. */
  public void fail(int status, String code) {
    server.stubFor(post("/").willReturn(response(status, Map.of("__type", code, "message", "no"))));
  }

  /** Answers reads of a secret after a time. */
  public void delay(String arn, String value, Duration delay) {
    answer(arn, 200, Map.of("ARN", arn, "SecretString", value), delay);
  }

  private void answer(String arn, int status, Map<String, ?> body, Duration delay) {
    server.stubFor(
        post("/")
            .withHeader("X-Amz-Target", equalTo("secretsmanager.GetSecretValue"))
            .withRequestBody(matchingJsonPath("$.SecretId", equalTo(arn)))
            .willReturn(response(status, body).withFixedDelay((int) delay.toMillis())));
  }

  private static ResponseDefinitionBuilder response(int status, Map<String, ?> body) {
    return aResponse()
        .withStatus(status)
        .withHeader("Content-Type", TYPE)
        .withBody(Json.writeAscii(body));
  }

  /** The number of requests. */
  public int reads() {
    return server.getAllServeEvents().size();
  }

  @Override
  public void close() {
    server.stop();
  }
}
