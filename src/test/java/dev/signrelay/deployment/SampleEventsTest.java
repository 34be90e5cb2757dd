package dev.signrelay.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.RetryHandler;
import dev.signrelay.job.JobQueue;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.LogAssertions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The sample events have the effects that their names state. {@code DispatchHandlerTest} shows that
 * any event starts a run.
 */
final class SampleEventsTest {

  private final FakeServices fakes =
      new FakeServices().with("CALLBACK_ALLOW_PRIVATE_ADDRESSES", "true");

  @ParameterizedTest
  @CsvSource({
    "sign, http-200, 200 signed, hello",
    "sign-with-callback, http-500, 200 queued, hello world",
    "sign-post, http-500, 200 queued, hello world",
    "sign-post-base64, http-200, 200 signed, grüße 🌍",
    "sign-bad-request, http-200, 400 rejected,",
    "job, http-200, 404 null,"
  })
  void aRequestIsAnsweredAsItsNameSays(
      String event, String upstream, String answer, @Nullable String signed) throws IOException {
    if (!upstream.equals("http-200")) {
      fakes.upstream = _ -> FakeServices.failed(upstream);
    }

    JsonNode response = fakes.answer(LogAssertions.json(text(event)));

    String status = response.path("headers").path("X-Sign-Status").textValue();
    assertThat(response.path("statusCode").intValue() + " " + status).isEqualTo(answer);
    assertThat(fakes.signed).isEqualTo(signed == null ? List.of() : List.of(signed));
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

  private JsonNode retry(String event) throws IOException {
    var handler = new RetryHandler(fakes.services());
    return new LambdaFunction("RetryFunction", handler, Duration.ofSeconds(20))
        .invoke(text(event))
        .path("batchItemFailures");
  }

  private static String text(String event) throws IOException {
    return Files.readString(Path.of("events", event + ".json"));
  }
}
