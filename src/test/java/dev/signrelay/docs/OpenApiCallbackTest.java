package dev.signrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.app.Config;
import dev.signrelay.callback.CallbackSigningKeys;
import dev.signrelay.callback.HttpCallbackSender;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.json.Json;
import dev.signrelay.testing.FixedCallbackKeys;
import dev.signrelay.testing.OpenApi;
import dev.signrelay.testing.TestDestinations;
import dev.signrelay.testing.TestEnvironment;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.junit.jupiter.api.Test;

/** The callback in {@code openapi.yaml} matches the code. */
final class OpenApiCallbackTest {

  private static final OpenApi POST =
      OpenApi.read()
          .at("paths", "/crypto/sign", "get", "callbacks", "signature")
          .at("{$request.query.callback_url}", "post");
  private static final OpenApi BODY = POST.at("requestBody", "content", "application/json");
  private static final OpenApi EXAMPLE = BODY.at("examples", "signature", "value");
  private static final String EXAMPLE_SECRET =
      POST.parameter("webhook-signature")
          .at("description")
          .text()
          .replaceFirst("(?s).*`(whsec_[^`]+)`.*", "$1");
  private static final Instant EXAMPLE_TIME =
      Instant.ofEpochSecond(POST.parameter("webhook-timestamp").at("example").node().longValue());
  private static final Duration ONE_HOUR = Duration.ofHours(1);
  private static final URI URL = URI.create("https://receiver.example.com/signatures");
  private static final String ID = POST.parameter("webhook-id").at("example").text();

  @Test
  void aDeliveryEqualsItsExample() throws Exception {
    var receiver = new Receiver();
    receiver
        .sender(CallbackSigningKeys.parse(EXAMPLE_SECRET).orElseThrow())
        .deliver(URL, ID, EXAMPLE.at("data").text(), ONE_HOUR);

    ClassicHttpRequest request = receiver.requests.getFirst();
    assertThat(request.getMethod()).isEqualTo("POST");
    assertThat(request.getEntity().getContentType()).isEqualTo("application/json");
    assertBody(request, "signature");
    assertHeaders(request, _ -> true);
    for (Header header : request.getHeaders()) {
      OpenApi parameter = POST.parameter(header.getName());
      assertThat(parameter.at("in").text()).isEqualTo("header");
      assertThat(parameter.at("schema").violations(header.getValue())).isEmpty();
      assertThat(header.getValue()).isEqualTo(parameter.at("example").text());
    }
    OpenApi signature = POST.parameter("webhook-signature");
    String two = signature.at("example").text() + " " + signature.at("example").text();
    assertThat(signature.at("schema").violations(two)).isEmpty();
  }

  @Test
  void aFailureNoticeWithoutASecretEqualsItsExampleAndHasOnlyTheRequiredHeaders() throws Exception {
    var receiver = new Receiver();
    receiver.sender(CallbackSigningKeys.NONE).notifyFailure(URL, ID, "signing-exhausted", ONE_HOUR);

    ClassicHttpRequest request = receiver.requests.getFirst();
    assertBody(request, "failureNotice");
    assertHeaders(request, parameter -> parameter.path("required").asBoolean());
    String id = request.getFirstHeader("webhook-id").getValue();
    assertThat(id).endsWith("-failed");
    assertThat(POST.parameter("webhook-id").at("schema").violations(id)).isEmpty();
  }

  private static void assertBody(ClassicHttpRequest request, String example) throws Exception {
    String body = EntityUtils.toString(request.getEntity());
    assertThat(BODY.at("schema").violations(Json.read(body))).isEmpty();
    assertThat(body).isEqualTo(Json.write(BODY.at("examples", example, "value").node()));
  }

  private static void assertHeaders(ClassicHttpRequest request, Predicate<JsonNode> expected) {
    assertThat(request.getHeaders())
        .extracting(Header::getName)
        .containsExactlyInAnyOrderElementsOf(
            POST.at("parameters")
                .node()
                .valueStream()
                .filter(expected)
                .map(parameter -> parameter.path("name").asText())
                .toList());
  }

  /** {@code HttpCallbackSenderTest} shows what these statuses mean. */
  @Test
  void theStatusesOfAReceiverAreThree() {
    assertThat(POST.at("responses").names()).containsExactly("2XX", "410", "default");
  }

  @Test
  void theDocumentedDefaultsAreThoseOfTheCode() {
    Config config = Config.from(TestEnvironment.REQUIRED::get);
    assertThat(POST.at("description").text().replace('\n', ' '))
        .contains("%d seconds to answer".formatted(config.callback().timeout().toSeconds()))
        .contains(
            "for %d days, at least %d times,"
                .formatted(config.callback().giveUpAfter().toDays(), config.callback().attempts()))
        .contains(
            "from %d seconds to %d hours"
                .formatted(
                    config.retry().baseDelay().toSeconds(),
                    config.callback().maxDelay().toHours()));
  }

  /** A receiver without a network: records requests. */
  private static final class Receiver extends CloseableHttpClient {
    final List<ClassicHttpRequest> requests = new ArrayList<>();

    private HttpCallbackSender sender(CallbackSigningKeys secrets) {
      return FixedCallbackKeys.sender(
          TestDestinations.PUBLIC,
          new HttpTransport(this, new SystemTime()),
          InstantSource.fixed(EXAMPLE_TIME),
          secrets);
    }

    @Override
    public ClassicHttpResponse executeOpen(
        HttpHost target, ClassicHttpRequest request, HttpContext context) {
      requests.add(request);
      return new BasicClassicHttpResponse(204);
    }

    @Override
    protected CloseableHttpResponse doExecute(
        HttpHost target, ClassicHttpRequest request, HttpContext context) throws IOException {
      throw new IOException("HttpTransport calls executeOpen");
    }

    @Override
    public void close() {}

    @Override
    public void close(CloseMode mode) {}
  }
}
