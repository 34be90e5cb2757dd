package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.ops.DeadLetterQueue;
import dev.signrelay.ops.QueueCounts;
import dev.signrelay.testing.Night;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP interface of the console. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsoleIT {

  @AutoClose private final ConsoleRun run = ConsoleRun.start();

  ConsoleIT() throws IOException {}

  @Test
  void theStateOfAJobIsStreamedFromItsRequestToItsDelivery() throws Exception {
    setMode("upstream/flaky");
    setMode("receiver/ok");
    try (Listener page = listen()) {
      String id = run.sign("streamed");

      JsonNode delivered = page.await(e -> e.isJob(id, "delivered")).json();

      assertThat(page.contentType()).isEqualTo("text/event-stream");
      JsonNode request = delivered.path("steps").get(0);
      assertThat(request.path("target").asText()).startsWith("/crypto/sign?message=streamed&");
      assertThat(request.path("answer").asText()).startsWith("{\"success\":true,");
      assertThat(request.path("answerHeaders").path("x-request-id").asText()).isEqualTo(id);
      assertThat(names(delivered))
          .containsSubsequence("request", "signing attempt", "signing attempt", "callback attempt");
      JsonNode failed = delivered.path("steps").get(1);
      assertThat(failed.path("outcome").asText()).isEqualTo("http-500");
      assertThat(failed.path("due").asLong()).isGreaterThan(failed.path("at").asLong());
      JsonNode callback = page.await(e -> e.isDelivery(id)).json();
      assertThat(callback.path("headers").path("webhook-id").asText()).isEqualTo(id);
      assertThat(callback.path("body").asText()).contains("\"success\":true");
    }
  }

  @Test
  void theMetricsShowTheStateOfTheSystem() throws Exception {
    setMode("upstream/healthy");
    setMode("receiver/slow");
    run.sign("counted");
    try (Listener page = listen()) {
      JsonNode metrics = page.await(e -> e.type().equals("metrics")).json();

      assertThat(metrics.path("limit").asInt(-1)).isZero();
      assertThat(metrics.path("calls").asInt()).isPositive();
      assertThat(metrics.path("signatures")).hasSize(CallStatistics.MINUTES);
      assertThat(metrics.path("upstream").asText()).isEqualTo("healthy");
      assertThat(metrics.path("receiver").asText()).isEqualTo("slow");
      assertThat(metrics.path("inbox").asText()).isEqualTo(run.system().inbox().url());
      assertThat(metrics.path("keyNeeded").asBoolean()).isFalse();
    }
  }

  /** So that a client that polls fills no page. */
  @Test
  void aRequestThatReadsIsNeitherAJobNorAStep() throws Exception {
    setMode("upstream/down");
    setMode("receiver/ok");
    String id = run.sign("read while it waits");
    try (Listener page = listen()) {
      page.await(e -> e.isJob(id, "failed"));
    }

    assertThat(run.get("/crypto/jobs/" + id).statusCode()).isEqualTo(200);
    List<String> others =
        Stream.of("/crypto/callback-key", "/crypto/elsewhere")
            .map(path -> run.get(path).headers().firstValue("X-Request-Id").orElse("no id"))
            .toList();

    String last = run.sign("sent after the reads");
    try (Listener page = listen()) {
      page.await(e -> e.isJob(last));
      assertThat(names(page.await(e -> e.isJob(id)).json()))
          .containsOnlyOnce("request")
          .doesNotContain("job status");
      assertThat(page.await(e -> e.type().equals("known")).json().toString())
          .contains(id, last)
          .doesNotContain(others);
    }
  }

  @Test
  void deadLettersAreRedrivenOnceAndDelivered() throws Exception {
    setMode("upstream/down");
    setMode("receiver/ok");
    String other = run.sign("redriven later");
    String id = run.sign("redriven first");
    try (Listener page = listen()) {
      page.await(e -> e.isJob(id, "failed"));
      page.await(e -> e.isJob(other, "failed"));
      setMode("upstream/healthy");

      HttpResponse<String> redriven = redrive("{\"ids\":[\"" + id + "\",\"unknown\"]}");
      assertThat(Json.read(redriven.body()).path("redriven").asInt()).isEqualTo(1);

      JsonNode delivered = page.await(e -> e.isJob(id, "delivered")).json();
      assertThat(names(delivered))
          .containsSubsequence(
              "signing attempt", "redriven", "signing attempt", "callback attempt");
      HttpResponse<String> again = redrive("{\"ids\":[\"" + id + "\"]}");
      assertThat(again.statusCode()).isEqualTo(404);
      assertThat(again.body()).contains("No dead letter was found");

      assertThat(redrive("{\"ids\":[\"" + other + "\"]}").statusCode()).isEqualTo(200);
      page.await(e -> e.isJob(other, "delivered"));
    }
  }

  @Test
  void deadLettersThatOthersRemoveAreMarkedAndTheRestIsNotHidden() throws Exception {
    setMode("upstream/down");
    String one = run.sign("one is deleted");
    String other = run.sign("the other is purged");
    var queues = run.system().queues();
    String url = queues.deadLetterQueueUrl();
    var letters = new DeadLetterQueue(queues.client(), url, queues.retryQueueUrl());
    try (Listener page = listen()) {
      page.await(e -> e.isJob(one, "failed"));
      page.await(e -> e.isJob(other, "failed"));

      letters.forEach(
          letter -> {
            boolean isOne = letter.jobId().equals(one);
            if (isOne) {
              letters.delete(letter);
            }
            return isOne;
          });

      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                assertThat(QueueCounts.of(queues.client(), url).inFlight()).isZero();
                return page.events().stream().anyMatch(e -> e.isJob(one, "lost"));
              });
      JsonNode removed = page.await(e -> e.isJob(one, "lost")).json();
      assertThat(removed.path("over").asBoolean()).isTrue();
      assertThat(removed.path("reason").asText()).isEqualTo("signing-exhausted");
      assertThat(page.events()).noneMatch(e -> e.isJob(other, "lost"));

      queues.client().purgeQueue(p -> p.queueUrl(url));
      page.await(e -> e.isJob(other, "lost"));
    }
  }

  @Night
  @ParameterizedTest
  @CsvSource({
    "down, ok, http-503",
    "slow, ok, timeout",
    "hanging, ok, timeout",
    "healthy, ok, signed",
    "flaky, ok, http-204",
    "flaky, slow, http-204",
    "flaky, 500, http-500",
    "flaky, 410, http-410"
  })
  void upstreamAndReceiverRespondAccordingToTheirModes(
      String upstream, String receiver, String outcome) throws Exception {
    setMode("upstream/" + upstream);
    setMode("receiver/" + receiver);
    try (Listener page = listen()) {
      String id = run.sign(upstream + " " + receiver);

      page.await(e -> e.isJob(id) && e.json().toString().contains("\"" + outcome + "\""));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"upstream/away", "upstream", "receiver/200", "moon/full"})
  void anUnknownActionIsRefusedWithAnError(String path) throws Exception {
    HttpResponse<String> answer = run.change("/console/" + path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(Json.read(answer.body()).path("error").asText()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/console/main.js", "/console/base.css", "/console/icon.svg"})
  void everyFileHasAStrictContentSecurityPolicy(String path) {
    HttpResponse<String> file = run.get(path);

    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "require-trusted-types-for 'script'")
        .doesNotContain("unsafe");
    assertThat(file.body()).doesNotContain("https://", "innerHTML", "style=", "onclick");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/console/",
        "/console/ConsoleIT.class",
        "/console/..%2FTemplate.class",
        "/console/x.js",
        "/api/docs/x",
        "/api/docsx",
        "/elsewhere"
      })
  void noOtherPathIsServed(String path) {
    assertThat(run.get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void headOfEveryPortIsAnswered() {
    var system = run.system();
    for (URI server :
        List.of(
            system.front().url(),
            system.signer().server().url(),
            system.inbox().server().url(),
            system.queues().endpoint(),
            system.limits().endpoint())) {
      HttpResponse<String> head = run.send(HttpRequest.newBuilder(server.resolve("/")).HEAD());

      assertThat(head.statusCode()).as("status of %s", server).isLessThan(500);
      assertThat(head.headers().firstValue("Content-Type")).isPresent();
      assertThat(head.body()).isEmpty();
    }
  }

  /** Browsers save most other types as a file. */
  @Test
  void aBrowserShowsTheInbox() {
    URI inbox = URI.create(run.system().inbox().url());
    String body = "{\"success\":true,\"data\":\"shown\"}";
    run.send(HttpRequest.newBuilder(inbox).POST(HttpRequest.BodyPublishers.ofString(body)));

    HttpResponse<String> listing = run.send(HttpRequest.newBuilder(inbox.resolve("/")));

    assertThat(listing.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(listing.body()).contains("\\\"shown\\\"");
  }

  private static List<String> names(JsonNode job) {
    return job.path("steps").valueStream().map(step -> step.path("name").asText()).toList();
  }

  private void setMode(String to) {
    assertThat(run.change("/console/" + to).statusCode()).isEqualTo(204);
  }

  private Listener listen() throws Exception {
    return Listener.on(run.url("/console/events"), run.http());
  }

  private HttpResponse<String> redrive(String body) {
    return run.send(run.post("/console/redrive").POST(HttpRequest.BodyPublishers.ofString(body)));
  }
}
