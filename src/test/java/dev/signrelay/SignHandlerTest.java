package dev.signrelay;

import static dev.signrelay.testing.FakeServices.failed;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.json.Json;
import dev.signrelay.testing.FakeServices;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SignHandlerTest {

  private static final String PLAIN = "message=hello";
  private static final String WITH_CALLBACK =
      "message=hello&callback_url=https%3A%2F%2Freceiver.example%2Fin%3Fsecret%3D1";

  private final FakeServices fakes = new FakeServices();

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, WITH_CALLBACK})
  void aSignatureIsAnsweredAtOnceAndNothingIsQueued(String query) {
    JsonNode answer = get(query);

    assertThat(status(answer)).isEqualTo(200);
    assertThat(answer.path("body").asText()).isEqualTo("{\"success\":true,\"data\":\"signature\"}");
    assertThat(headers(answer))
        .containsEntry("X-Sign-Status", "signed")
        .containsEntry("X-Request-Id", FakeServices.id(1))
        .containsEntry("Content-Type", "application/json")
        .doesNotContainKey("Retry-After");
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.delivered).isEmpty();
    assertThat(fakes.signed).containsExactly("hello");
  }

  @Test
  void withoutACallbackUrlNothingFollowsAFailure() {
    fakes.upstream = _ -> failed("http-503");

    JsonNode answer = get(PLAIN);

    assertNull(answer, "unsigned");
    assertThat(fakes.sent).isEmpty();
  }

  @Test
  void withACallbackUrlAFailureIsQueuedAsTheSecondAttemptBeforeTheAnswer() {
    fakes.upstream = _ -> failed("http-503");

    JsonNode answer = get(WITH_CALLBACK);

    assertNull(answer, "queued");
    assertThat(fakes.sent).singleElement().satisfies(this::isTheSecondAttempt);
  }

  private void isTheSecondAttempt(FakeServices.Sent sent) {
    assertThat(sent.job()).isInstanceOf(NeedsSignature.class);
    assertThat(sent.job().attempt()).isEqualTo(2);
    assertThat(sent.job().id()).isEqualTo(FakeServices.id(1));
    assertThat(sent.job().acceptance().callbackUrl())
        .hasToString("https://receiver.example/in?secret=1");
    assertThat(sent.delay()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void theWaitThatTheUpstreamAsksForIsHonouredAndSpread() {
    fakes.upstream = _ -> new Failed("http-429", Duration.ofSeconds(55));

    get(WITH_CALLBACK);

    assertThat(fakes.sent)
        .extracting(FakeServices.Sent::delay)
        .containsExactly(Duration.ofSeconds(65));
  }

  @Test
  void aJobThatTheQueueDidNotTakeIsNotAccepted() {
    fakes.upstream = _ -> failed("timeout");
    fakes.queueIsDown = true;

    JsonNode answer = get(WITH_CALLBACK);

    assertThat(status(answer)).isEqualTo(503);
    assertThat(headers(answer))
        .containsEntry("Retry-After", "5")
        .containsEntry("X-Sign-Status", "unsigned");
    assertThat(answer.path("body").asText())
        .startsWith("{\"success\":false,\"data\":null,\"error\":\"");
  }

  @Test
  void aRejectedMessageIsADeadLetterIfACallbackWasToCome() {
    fakes.upstream = _ -> new Rejected("http-422");

    JsonNode answer = get(WITH_CALLBACK);

    assertNull(answer, "rejected");
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.dead)
        .extracting(FakeServices.Dead::reason)
        .containsExactly(new DeadLetterReason(Kind.MESSAGE_REJECTED, "http-422", 1));
  }

  @Test
  void aRejectedMessageWithoutACallbackIsOnlyAnswered() {
    fakes.upstream = _ -> new Rejected("http-400");

    assertNull(get(PLAIN), "rejected");
    assertThat(fakes.dead).isEmpty();
  }

  @Test
  void aDeadLetterThatTheQueueDidNotTakeIsA503() {
    fakes.upstream = _ -> new Rejected("http-400");
    fakes.queueIsDown = true;

    assertThat(status(get(WITH_CALLBACK))).isEqualTo(503);
  }

  @Test
  void aJobMayHaveNoAttemptsButTheFirst() {
    fakes.with("RETRY_MAX_ATTEMPTS", "1").upstream = _ -> failed("http-500");

    assertNull(get(WITH_CALLBACK), "unsigned");
    assertThat(fakes.dead)
        .extracting(d -> d.reason().kind())
        .containsExactly(Kind.SIGNING_EXHAUSTED);
  }

  @Test
  void badInputIsRefusedWithTheRuleAndWithoutACall() {
    JsonNode answer = get("message=");

    assertThat(status(answer)).isEqualTo(400);
    assertThat(answer.path("body").asText())
        .isEqualTo("{\"success\":false,\"data\":null,\"error\":\"message must not be empty\"}");
    assertThat(fakes.signed).isEmpty();
  }

  @Test
  void callbacksCanBeSwitchedOff() {
    fakes.with("CALLBACK_ENABLED", "false");

    assertThat(status(get(WITH_CALLBACK))).isEqualTo(400);
    assertThat(status(get(PLAIN))).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://169.254.169.254/",
        "https://localhost/",
        "https://[::1]/",
        "https://other.example/",
        "https://receiver.example:9001/",
      })
  void aCallbackThatMayNotGoThereIsRefusedWithoutACall(String url) {
    fakes.with("CALLBACK_ALLOWED_HOSTS", "receiver.example 169.254.169.254 localhost");

    assertThat(status(get("message=hello&callback_url=" + url))).isEqualTo(400);
    assertThat(status(get(WITH_CALLBACK))).isEqualTo(200);
    assertThat(fakes.signed).hasSize(1);
  }

  @Test
  void theQueueHasAtLeast400MillisecondsAfterTheSlowestUpstream() {
    fakes.upstream = _ -> fakes.after(Duration.ofMillis(1_450), failed("timeout"));

    get(WITH_CALLBACK);

    assertThat(fakes.upstreamTimeouts).containsExactly(Duration.ofMillis(1_450));
    assertThat(fakes.sent)
        .extracting(FakeServices.Sent::timeout)
        .containsExactly(Duration.ofMillis(400));
  }

  @Test
  void whatNobodyForesawIsAnswered503AndLoggedWithoutItsText() {
    fakes.upstream =
        _ -> {
          throw new IllegalStateException("hello and its signature");
        };

    assertThat(status(get(WITH_CALLBACK))).isEqualTo(503);
    assertThat(fakes.log.toString()).contains("IllegalStateException").doesNotContain("hello");
  }

  @Test
  void theTimeThatApiGatewayAlreadySpentIsTakenOffTheUpstreams() {
    fakes.answer(receivedAt(FakeServices.START.minusMillis(900)));
    fakes.answer(receivedAt(FakeServices.START.minusSeconds(30)));
    fakes.answer(receivedAt(FakeServices.START.minusMillis(30_001)));
    fakes.answer(receivedAt(FakeServices.START.plusMillis(1)));

    assertThat(fakes.upstreamTimeouts)
        .containsExactly(
            Duration.ofMillis(550),
            Duration.ofMillis(450),
            Duration.ofMillis(1_450),
            Duration.ofMillis(1_450));
  }

  private static JsonNode receivedAt(Instant time) {
    ObjectNode event = Json.object().put("rawQueryString", PLAIN);
    event.putObject("requestContext").put("timeEpoch", time.toEpochMilli());
    return event;
  }

  private static void assertNull(JsonNode answer, String status) {
    assertThat(status(answer)).isEqualTo(200);
    assertThat(answer.path("body").asText()).isEqualTo("{\"success\":true,\"data\":null}");
    assertThat(headers(answer)).containsEntry("X-Sign-Status", status);
  }

  private static int status(JsonNode answer) {
    return answer.path("statusCode").intValue();
  }

  private static Map<String, String> headers(JsonNode answer) {
    return answer.path("headers").properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, h -> h.getValue().textValue()));
  }

  private JsonNode get(String query) {
    return fakes.answer(Json.object().put("rawQueryString", query));
  }
}
