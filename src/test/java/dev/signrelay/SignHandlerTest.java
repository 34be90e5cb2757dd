package dev.signrelay;

import static dev.signrelay.Parts.unsigned;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.local.LocalContext;
import dev.signrelay.retry.DeadLetterReason;
import dev.signrelay.retry.DeadLetterReason.Kind;
import dev.signrelay.retry.Job.NeedsSignature;
import dev.signrelay.upstream.SigningOutcome.Rejected;
import dev.signrelay.upstream.SigningOutcome.Unsigned;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SignHandlerTest {

  private static final String PLAIN = "message=hello";
  private static final String WITH_CALLBACK =
      "message=hello&callback_url=https%3A%2F%2Freceiver.example%2Fin%3Fsecret%3D1";

  private final Parts parts = new Parts();

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, WITH_CALLBACK})
  void aSignatureIsAnsweredAtOnceAndNothingIsQueued(String query) {
    APIGatewayV2HTTPResponse answer = get(query);

    assertThat(answer.getStatusCode()).isEqualTo(200);
    assertThat(answer.getBody()).isEqualTo("{\"success\":true,\"data\":\"signature\"}");
    assertThat(answer.getHeaders())
        .containsEntry("X-Sign-Status", "signed")
        .containsEntry("X-Request-Id", "job-1")
        .containsEntry("Content-Type", "application/json")
        .doesNotContainKey("Retry-After");
    assertThat(parts.sent).isEmpty();
    assertThat(parts.delivered).isEmpty();
    assertThat(parts.signed).containsExactly("hello");
  }

  @Test
  void withoutACallbackUrlNothingFollowsAFailure() {
    parts.upstream = _ -> unsigned("http-503");

    APIGatewayV2HTTPResponse answer = get(PLAIN);

    assertNull(answer, "unsigned");
    assertThat(parts.sent).isEmpty();
  }

  @Test
  void withACallbackUrlAFailureIsQueuedAsTheSecondAttemptBeforeTheAnswer() {
    parts.upstream = _ -> unsigned("http-503");

    APIGatewayV2HTTPResponse answer = get(WITH_CALLBACK);

    assertNull(answer, "queued");
    assertThat(parts.sent).singleElement().satisfies(this::isTheSecondAttempt);
  }

  private void isTheSecondAttempt(Parts.Sent sent) {
    assertThat(sent.job()).isInstanceOf(NeedsSignature.class);
    assertThat(sent.job().attempt()).isEqualTo(2);
    assertThat(sent.job().id()).isEqualTo("job-1");
    assertThat(sent.job().acceptance().callbackUrl())
        .hasToString("https://receiver.example/in?secret=1");
    assertThat(sent.delay()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void theWaitThatTheUpstreamAsksForIsHonoured() {
    parts.upstream = _ -> new Unsigned("http-429", Duration.ofSeconds(55));

    get(WITH_CALLBACK);

    assertThat(parts.sent).extracting(Parts.Sent::delay).containsExactly(Duration.ofSeconds(55));
  }

  @Test
  void aJobThatTheQueueDidNotTakeIsNotAccepted() {
    parts.upstream = _ -> unsigned("timeout");
    parts.queueIsDown = true;

    APIGatewayV2HTTPResponse answer = get(WITH_CALLBACK);

    assertThat(answer.getStatusCode()).isEqualTo(503);
    assertThat(answer.getHeaders())
        .containsEntry("Retry-After", "5")
        .containsEntry("X-Sign-Status", "unsigned");
    assertThat(answer.getBody()).startsWith("{\"success\":false,\"data\":null,\"error\":\"");
  }

  @Test
  void aRejectedMessageIsADeadLetterIfACallbackWasToCome() {
    parts.upstream = _ -> new Rejected("http-422");

    APIGatewayV2HTTPResponse answer = get(WITH_CALLBACK);

    assertNull(answer, "rejected");
    assertThat(parts.sent).isEmpty();
    assertThat(parts.dead)
        .extracting(Parts.Dead::reason)
        .containsExactly(new DeadLetterReason(Kind.MESSAGE_REJECTED, "http-422", 1));
  }

  @Test
  void aRejectedMessageWithoutACallbackIsOnlyAnswered() {
    parts.upstream = _ -> new Rejected("http-400");

    assertNull(get(PLAIN), "rejected");
    assertThat(parts.dead).isEmpty();
  }

  @Test
  void aDeadLetterThatTheQueueDidNotTakeIsA503() {
    parts.upstream = _ -> new Rejected("http-400");
    parts.queueIsDown = true;

    assertThat(get(WITH_CALLBACK).getStatusCode()).isEqualTo(503);
  }

  @Test
  void aJobMayHaveNoAttemptsButTheFirst() {
    parts.with("RETRY_MAX_ATTEMPTS", "1").upstream = _ -> unsigned("http-500");

    assertNull(get(WITH_CALLBACK), "unsigned");
    assertThat(parts.dead)
        .extracting(d -> d.reason().kind())
        .containsExactly(Kind.SIGNING_EXHAUSTED);
  }

  @Test
  void badInputIsRefusedWithTheRuleAndWithoutACall() {
    APIGatewayV2HTTPResponse answer = get("message=");

    assertThat(answer.getStatusCode()).isEqualTo(400);
    assertThat(answer.getBody())
        .isEqualTo("{\"success\":false,\"data\":null,\"error\":\"message must not be empty\"}");
    assertThat(parts.signed).isEmpty();
  }

  @Test
  void callbacksCanBeSwitchedOff() {
    parts.with("CALLBACK_ENABLED", "false");

    assertThat(get(WITH_CALLBACK).getStatusCode()).isEqualTo(400);
    assertThat(get(PLAIN).getStatusCode()).isEqualTo(200);
  }

  @Test
  void theQueueHasAtLeast400MillisecondsAfterTheSlowestUpstream() {
    parts.upstream = _ -> parts.after(Duration.ofMillis(1_500), unsigned("timeout"));

    get(WITH_CALLBACK);

    assertThat(parts.upstreamTimeouts).containsExactly(Duration.ofMillis(1_500));
    assertThat(parts.sent).extracting(Parts.Sent::timeout).containsExactly(Duration.ofMillis(400));
  }

  @Test
  void whatNobodyForesawIsAnswered503AndLoggedWithoutItsText() {
    parts.upstream =
        _ -> {
          throw new IllegalStateException("hello and its signature");
        };

    assertThat(get(WITH_CALLBACK).getStatusCode()).isEqualTo(503);
    assertThat(parts.log.toString()).contains("IllegalStateException").doesNotContain("hello");
  }

  @Test
  void everyRequestHasAnIdOfItsOwn() {
    SignHandler handler = new SignHandler(parts.wiring());

    assertThat(get(handler, PLAIN).getHeaders().get("X-Request-Id"))
        .isNotEqualTo(get(handler, PLAIN).getHeaders().get("X-Request-Id"));
  }

  private static void assertNull(APIGatewayV2HTTPResponse answer, String status) {
    assertThat(answer.getStatusCode()).isEqualTo(200);
    assertThat(answer.getBody()).isEqualTo("{\"success\":true,\"data\":null}");
    assertThat(answer.getHeaders()).containsEntry("X-Sign-Status", status);
  }

  private APIGatewayV2HTTPResponse get(String query) {
    return get(new SignHandler(parts.wiring()), query);
  }

  private static APIGatewayV2HTTPResponse get(SignHandler handler, String query) {
    return handler.handleRequest(
        APIGatewayV2HTTPEvent.builder().withRawQueryString(query).build(),
        LocalContext.of("SignFunction", Duration.ofSeconds(5)));
  }
}
