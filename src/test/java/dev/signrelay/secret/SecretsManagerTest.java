package dev.signrelay.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Reads of the SDK's client, whose HTTP responses are canned. */
final class SecretsManagerTest {

  private static final String ARN =
      "arn:aws:secretsmanager:us-east-1:000000000000:secret:key-a1B2c3";

  private final List<String> requests = new ArrayList<>();

  @Test
  void theTextOfTheCurrentVersionIsRead() {
    assertThat(read(200, "{\"SecretString\":\"the-value\"}")).isEqualTo("the-value");
    assertThat(requests)
        .containsExactly("[secretsmanager.GetSecretValue] {\"SecretId\":\"" + ARN + "\"}");
  }

  @ParameterizedTest
  @CsvSource({"400, AccessDeniedException", "400, ResourceNotFoundException", "500, Unknown"})
  void aRefusalIsReportedByItsCodeAndNotQuoted(int status, String code) {
    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> read(status, "{\"__type\":\"" + code + "\",\"message\":\"SESAME\"}"))
        .withMessage("Secrets Manager answered " + code);
    assertThat(requests).hasSize(1);
  }

  @Test
  void aSecretThatIsNoTextIsRefused() {
    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> read(200, "{\"SecretBinary\":\"AAAA\"}"))
        .withMessage("the secret is not a text");
  }

  private String read(int status, String json) {
    try (SecretsManagerClient client =
        SecretsManagerClient.builder()
            .httpClient(new CannedResponse(status, json))
            .region(Region.US_EAST_1)
            .endpointOverride(URI.create("http://localhost"))
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)))
            .build()) {
      return new SecretsManager(() -> client).read(ARN);
    }
  }

  private final class CannedResponse implements SdkHttpClient {

    private final int status;
    private final String json;

    CannedResponse(int status, String json) {
      this.status = status;
      this.json = json;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() {
          requests.add(request.httpRequest().headers().get("X-Amz-Target") + " " + body(request));
          var body = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
          return HttpExecuteResponse.builder()
              .response(
                  SdkHttpResponse.builder()
                      .statusCode(status)
                      .putHeader("Content-Type", "application/x-amz-json-1.1")
                      .build())
              .responseBody(AbortableInputStream.create(body))
              .build();
        }

        @Override
        public void abort() {}
      };
    }

    private static String body(HttpExecuteRequest request) {
      try (var stream = request.contentStreamProvider().orElseThrow().newStream()) {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {}
  }
}
