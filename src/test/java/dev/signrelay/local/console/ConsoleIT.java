package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.console.Listener.Event;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP interface of the console. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsoleIT {

  private ConsoleRun run;

  @BeforeAll
  void start() throws Exception {
    run = ConsoleRun.start(0);
  }

  @AfterAll
  void stop() {
    run.close();
  }

  @Test
  void theEventsOfAJobAreStreamedFromItsRequestToItsDelivery() throws Exception {
    setMode("upstream/flaky");
    setMode("receiver/ok");
    try (Listener page = listen("")) {
      String id = sign("streamed");

      page.await(e -> e.matches("callback attempt", id));

      assertThat(page.contentType()).isEqualTo("text/event-stream");
      assertThat(page.events().stream().filter(e -> isOf(id, e)).map(e -> e.json().path("event")))
          .extracting(JsonNode::asText)
          .contains("request", "callback arrived")
          .containsSubsequence("signing attempt", "signing attempt", "callback attempt");
      JsonNode request = page.await(e -> e.matches("request", id)).json();
      assertThat(request.path("message").asText()).isEqualTo("streamed");
      assertThat(request.path("signStatus").asText()).isEqualTo("queued");
      JsonNode failed = page.await(e -> e.matches("signing attempt", id, "http-500")).json();
      assertThat(failed.path("decision").asText()).isEqualTo("requeue");
      assertThat(failed.path("delaySeconds").asDouble()).isPositive();
    }
  }

  @Test
  void aNewReaderGetsAllEventsAndAReconnectingOneOnlyTheMissedEvents() throws Exception {
    setMode("upstream/healthy");
    String before = sign("before");
    Event last;
    try (Listener late = listen("")) {
      last = late.await(e -> e.matches("request", before));
    }
    String missed = sign("missed");

    try (Listener back = listen(last.id());
        Listener ofAnotherRun = listen("another-7")) {
      back.await(e -> e.matches("request", missed));
      ofAnotherRun.await(e -> e.matches("request", missed));

      assertThat(back.events()).noneMatch(e -> isOf(before, e));
      assertThat(ofAnotherRun.events()).anyMatch(e -> e.matches("request", before));
    }
  }

  @Test
  void theMetricsShowTheStateOfTheSystem() throws Exception {
    setMode("upstream/healthy");
    setMode("receiver/slow");
    sign("counted");
    try (Listener page = listen("")) {
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

  /** Only its steps are, so that a client that polls fills no page. */
  @Test
  void aReadOfAJobIsNoEvent() throws Exception {
    setMode("upstream/down");
    setMode("receiver/ok");
    try (Listener page = listen("")) {
      String id = sign("read while it waits");
      page.await(e -> isDead(id, e));

      assertThat(run.get("/crypto/jobs/" + id).statusCode()).isEqualTo(200);

      String next = sign("sent after the read");
      page.await(e -> e.matches("request", next));
      assertThat(page.events()).filteredOn(e -> e.matches("request", id)).hasSize(1);
    }
  }

  @Test
  void aDeadLetterIsRedrivenOnceAndDelivered() throws Exception {
    setMode("upstream/down");
    setMode("receiver/ok");
    String other = sign("redriven second");
    String id = sign("redriven first");
    try (Listener page = listen("")) {
      page.await(e -> isDead(id, e));
      page.await(e -> isDead(other, e));
      setMode("upstream/healthy");

      assertThat(run.change("/console/redrive/" + id).statusCode()).isEqualTo(204);

      page.await(e -> e.matches("redriven", id));
      page.await(e -> e.matches("callback attempt", id));
      assertThat(page.events().stream().filter(e -> e.matches("signing attempt", id)))
          .extracting(e -> e.json().path("attempt").asInt())
          .containsExactly(1, 2, 3, 1);
      HttpResponse<String> again = run.change("/console/redrive/" + id);
      assertThat(again.statusCode()).isEqualTo(404);
      assertThat(again.body()).contains("There is no dead letter with this id");
      assertThat(run.change("/console/redrive/" + other).statusCode()).isEqualTo(204);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ok, 204, complete",
    "500, 500, requeue",
    "410, 410, dead-letter",
    "slow, 204, complete"
  })
  void theReceiverRespondsAccordingToItsMode(String to, int status, String decision)
      throws Exception {
    setMode("upstream/flaky");
    setMode("receiver/" + to);
    try (Listener page = listen("")) {
      String id = sign("for a receiver that is " + to);

      Event arrived = page.await(e -> e.matches("callback arrived", id));
      Event attempt = page.await(e -> e.matches("callback attempt", id));

      assertThat(arrived.json().path("status").asInt()).isEqualTo(status);
      assertThat(attempt.json().path("decision").asText()).isEqualTo(decision);
    }
  }

  @ParameterizedTest
  @CsvSource({"down, http-503", "hanging, timeout", "slow, timeout", "healthy, signed"})
  void theUpstreamRespondsAccordingToItsMode(String to, String outcome) throws Exception {
    setMode("upstream/" + to);
    try (Listener page = listen("")) {
      String id = sign("for an upstream that is " + to);

      page.await(e -> e.matches("signing attempt", id, outcome));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"upstream/away", "upstream", "receiver/200", "moon/full", "redrive/x"})
  void anUnknownActionIsRefusedWithAnError(String path) throws Exception {
    HttpResponse<String> answer = run.change("/console/" + path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(Json.read(answer.body()).path("error").asText()).isNotEmpty();
  }

  @Test
  void aPageOfAnotherOriginChangesNothing() throws Exception {
    setMode("upstream/healthy");

    HttpResponse<String> foreign =
        run.send(run.post("/console/upstream/down").header("Origin", "https://elsewhere.example"));
    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(foreign.headers().map()).doesNotContainKey("Access-Control-Allow-Origin");

    try (Listener page = listen("")) {
      JsonNode metrics = page.await(e -> e.type().equals("metrics")).json();
      assertThat(metrics.path("upstream").asText()).isEqualTo("healthy");
    }
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

  private void setMode(String to) {
    assertThat(run.change("/console/" + to).statusCode()).isEqualTo(204);
  }

  private Listener listen(String lastEventId) throws Exception {
    return Listener.on(run.url("/console/events"), run.http(), lastEventId);
  }

  /** Sends a sign request with a callback and returns the job's id. */
  private String sign(String message) {
    String query =
        "message=%s&callback_url=%s"
            .formatted(encoded(message), encoded(run.system().inbox().url()));
    return run.get("/crypto/sign?" + query).headers().firstValue("X-Request-Id").orElseThrow();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static boolean isOf(String id, Event event) {
    return event.type().equals("message") && event.json().path("id").asText().equals(id);
  }

  private static boolean isDead(String id, Event event) {
    return isOf(id, event) && event.json().path("decision").asText().equals("dead-letter");
  }
}
