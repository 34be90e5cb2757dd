package dev.signrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.app.Config;
import dev.signrelay.callback.CallbackSigningKeys;
import dev.signrelay.callback.HttpCallbackSender;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.json.Json;
import dev.signrelay.testing.FixedCallbackKeys;
import dev.signrelay.testing.OpenApi;
import dev.signrelay.testing.TestEnvironment;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @Test
  void aDeliveryConformsToTheDocument() throws Exception {
    var receiver = new Receiver(204);
    receiver.deliver(CallbackSigningKeys.parse(EXAMPLE_SECRET).orElseThrow());
    ClassicHttpRequest request = receiver.requests.getFirst();
    String body = EntityUtils.toString(request.getEntity());
    assertThat(request.getMethod()).isEqualTo("POST");
    assertThat(request.getEntity().getContentType()).isEqualTo("application/json");
    assertThat(BODY.at("schema").violations(Json.read(body))).isEmpty();
    assertThat(body).isEqualTo(Json.write(EXAMPLE.node()));
    assertThat(Arrays.stream(request.getHeaders()).map(Header::getName))
        .containsExactlyInAnyOrder("webhook-id", "webhook-timestamp", "webhook-signature");
    for (Header header : request.getHeaders()) {
      OpenApi parameter = POST.parameter(header.getName());
      assertThat(parameter.at("in").text()).isEqualTo("header");
      assertThat(parameter.at("schema").violations(header.getValue())).isEmpty();
      assertThat(header.getValue()).isEqualTo(parameter.at("example").text());
    }
    assertThat(POST.at("parameters").node()).hasSize(3);
  }

  @Test
  void aFailureNoticeConformsToTheDocument() throws Exception {
    var receiver = new Receiver(204);
    receiver.notifyFailure();
    ClassicHttpRequest request = receiver.requests.getFirst();
    String body = EntityUtils.toString(request.getEntity());
    assertThat(body).isEqualTo(Json.write(BODY.at("examples", "failureNotice", "value").node()));
    assertThat(BODY.at("schema").violations(Json.read(body))).isEmpty();
    String id = request.getHeader("webhook-id").getValue();
    assertThat(id).endsWith("-failed");
    assertThat(POST.parameter("webhook-id").at("schema").violations(id)).isEmpty();
  }

  @Test
  void withoutASecretADeliveryHasOnlyTheRequiredHeaders() {
    var receiver = new Receiver(204);
    receiver.deliver();
    assertThat(receiver.requests.getFirst().getHeaders())
        .extracting(Header::getName)
        .containsExactlyInAnyOrderElementsOf(
            POST.at("parameters")
                .node()
                .valueStream()
                .filter(parameter -> parameter.path("required").asBoolean())
                .map(parameter -> parameter.path("name").asText())
                .toList());
  }

  @Test
  void twoSignaturesConformToTheDocument() {
    var receiver = new Receiver(204);
    receiver.deliver(
        CallbackSigningKeys.parse(EXAMPLE_SECRET + " " + EXAMPLE_SECRET).orElseThrow());
    String value = receiver.requests.getFirst().getHeaders("webhook-signature")[0].getValue();
    assertThat(value).contains(" ");
    assertThat(POST.parameter("webhook-signature").at("schema").violations(value)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 299, 301, 303, 307, 400, 404, 409, 410, 411, 429, 503})
  void everyStatusHasItsDocumentedMeaning(int status) {
    Map<String, Class<? extends DeliveryOutcome>> meanings =
        Map.of("2XX", Delivered.class, "410", Gone.class, "default", Undelivered.class);
    assertThat(POST.at("responses").names()).containsExactlyInAnyOrderElementsOf(meanings.keySet());
    assertThat(new Receiver(status).deliver()).isInstanceOf(meanings.get(described(status)));
  }

  @Test
  void theDocumentedRetryAfterIsRead() {
    OpenApi header = POST.at("responses", "default", "headers", "Retry-After");
    var outcome = (Undelivered) new Receiver(503, header.at("example").text()).deliver();
    assertThat(outcome.retryAfter()).isEqualTo(Duration.ofMinutes(2));
    String inAnHour =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            EXAMPLE_TIME.plus(ONE_HOUR).atOffset(ZoneOffset.UTC));
    var date = (Undelivered) new Receiver(503, inAnHour).deliver();
    assertThat(date.retryAfter()).isEqualTo(ONE_HOUR);
  }

  @Test
  void theDocumentedDefaultsAreThoseOfTheCode() {
    Config config = Config.from(TestEnvironment.REQUIRED::get);
    assertThat(POST.at("description").text().replace('\n', ' '))
        .contains("%d seconds to answer".formatted(config.callback().timeout().toSeconds()))
        .contains(
            "for %d days, at least %d times,"
                .formatted(
                    config.callback().giveUpAfter().toDays(), config.callback().maxAttempts()))
        .contains(
            "from %d seconds to %d hours"
                .formatted(
                    config.retry().baseDelay().toSeconds(),
                    config.callback().maxDelay().toHours()));
  }

  private static String described(int status) {
    OpenApi responses = POST.at("responses");
    String exact = Integer.toString(status);
    String range = status / 100 + "XX";
    return responses.has(exact) ? exact : responses.has(range) ? range : "default";
  }

  /** A receiver without a network: records requests and gives one response. */
  private static final class Receiver extends CloseableHttpClient {
    private static final URI URL = URI.create("https://receiver.example.com/signatures");
    private static final String ID = POST.parameter("webhook-id").at("example").text();

    final List<ClassicHttpRequest> requests = new ArrayList<>();
    private final int status;
    private final String[] retryAfter;

    Receiver(int status, String... retryAfter) {
      this.status = status;
      this.retryAfter = retryAfter;
    }

    DeliveryOutcome deliver() {
      return deliver(CallbackSigningKeys.NONE);
    }

    DeliveryOutcome deliver(CallbackSigningKeys secrets) {
      return sender(secrets).deliver(URL, ID, EXAMPLE.at("data").text(), ONE_HOUR);
    }

    DeliveryOutcome notifyFailure() {
      return sender(CallbackSigningKeys.NONE).notifyFailure(URL, ID, "signing-exhausted", ONE_HOUR);
    }

    private HttpCallbackSender sender(CallbackSigningKeys secrets) {
      return new HttpCallbackSender(
          new HttpTransport(this, new SystemTime()),
          InstantSource.fixed(EXAMPLE_TIME),
          FixedCallbackKeys.of(secrets));
    }

    @Override
    public ClassicHttpResponse executeOpen(
        HttpHost target, ClassicHttpRequest request, HttpContext context) {
      requests.add(request);
      var response = new BasicClassicHttpResponse(status);
      for (String value : retryAfter) {
        response.setHeader("Retry-After", value);
      }
      return response;
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
