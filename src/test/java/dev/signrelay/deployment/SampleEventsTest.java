package dev.signrelay.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.DispatchHandler;
import dev.signrelay.RetryHandler;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Sent;
import dev.signrelay.testing.LogAssertions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The sample events have the effects that their names state. */
final class SampleEventsTest {

  private final FakeServices fakes =
      new FakeServices().with("CALLBACK_ALLOW_PRIVATE_ADDRESSES", "true");

  @Test
  void signIsSigned() throws IOException {
    JsonNode answer = sign("sign");

    assertThat(answer.path("statusCode").intValue()).isEqualTo(200);
    assertThat(answer.path("headers").path("X-Sign-Status").asText()).isEqualTo("signed");
    assertThat(answer.path("body").asText()).isEqualTo("{\"success\":true,\"data\":\"signature\"}");
    assertThat(fakes.signed).containsExactly("hello");
  }

  @Test
  void signWithCallbackIsQueuedIfTheUpstreamFails() throws IOException {
    fakes.upstream = _ -> FakeServices.failed("http-500");

    assertThat(sign("sign-with-callback").path("headers").path("X-Sign-Status").asText())
        .isEqualTo("queued");
    assertThat(fakes.signed).containsExactly("hello world");
  }

  @Test
  void signPostIsQueuedForAnHourIfTheUpstreamFails() throws IOException {
    fakes.upstream = _ -> FakeServices.failed("http-500");

    assertThat(sign("sign-post").path("headers").path("X-Sign-Status").asText())
        .isEqualTo("queued");
    assertThat(fakes.signed).containsExactly("hello world");
    assertThat(fakes.sent)
        .singleElement()
        .satisfies(
            sent ->
                assertThat(sent.job().acceptance().validUntil())
                    .isEqualTo(FakeServices.START.plusSeconds(3_600)));
  }

  @Test
  void signPostBase64IsDecodedAndSigned() throws IOException {
    assertThat(sign("sign-post-base64").path("statusCode").intValue()).isEqualTo(200);
    assertThat(fakes.signed).containsExactly("grüße 🌍");
  }

  @Test
  void signBadRequestIsRefused() throws IOException {
    assertThat(sign("sign-bad-request").path("statusCode").intValue()).isEqualTo(400);
  }

  @Test
  void jobIsUnknown() throws IOException {
    assertThat(sign("job").path("statusCode").intValue()).isEqualTo(404);
  }

  @Test
  void retryNeedsSignatureSignsEachRecordAndSendsItToTheCallbackQueue() throws IOException {
    assertThat(retry("retry-needs-signature")).isEmpty();

    assertThat(fakes.signed).containsExactlyInAnyOrder("hello world", "grüße 🌍");
    assertThat(fakes.sent)
        .hasSize(2)
        .allSatisfy(sent -> assertThat(sent.queue()).isEqualTo(JobQueue.CALLBACK));
  }

  @Test
  void retryNeedsCallbackOnlyDelivers() throws IOException {
    assertThat(retry("retry-needs-callback")).isEmpty();

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.delivered).hasSize(1);
  }

  @Test
  void retryPoisonDeadLettersTheMalformedRecordAndHandlesTheOthers() throws IOException {
    assertThat(retry("retry-poison")).isEmpty();

    assertThat(fakes.deadMessages).hasSize(1);
    assertThat(fakes.sent).hasSize(1);
    assertThat(fakes.delivered).hasSize(1);
  }

  @Test
  void dispatchSignsAJobInLineAndSendsItToTheCallbackQueue() throws IOException {
    var acceptance =
        new Acceptance("id-1", URI.create("https://receiver.example/"), FakeServices.START);
    fakes.line.join(NeedsSignature.first(acceptance, "hello"));

    JsonNode report =
        new LambdaFunction(
                "DispatchFunction", new DispatchHandler(fakes.services()), Duration.ofSeconds(180))
            .invoke(text("dispatch"));

    assertThat(report.path("dispatched").intValue()).isEqualTo(1);
    assertThat(fakes.signed).containsExactly("hello");
    assertThat(fakes.sent).singleElement().extracting(Sent::queue).isEqualTo(JobQueue.CALLBACK);
  }

  private JsonNode sign(String event) throws IOException {
    return fakes.answer(LogAssertions.json(text(event)));
  }

  private JsonNode retry(String event) throws IOException {
    var handler = new RetryHandler(fakes.services());
    return new LambdaFunction("RetryFunction", handler, Duration.ofSeconds(20))
        .invoke(text(event))
        .path("batchItemFailures");
  }

  private static String text(String event) throws IOException {
    try (var stream = SampleEventsTest.class.getResourceAsStream("/events/" + event + ".json")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
