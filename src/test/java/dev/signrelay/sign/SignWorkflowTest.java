package dev.signrelay.sign;

import static dev.signrelay.testing.FakeServices.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Dead;
import dev.signrelay.testing.FakeServices.Sent;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SignWorkflowTest {

  private static final String PLAIN = "message=hello";
  private static final String WITH_CALLBACK =
      "message=hello&callback_url=https%3A%2F%2Freceiver.example%2Fin%3Fsecret%3D1";
  private static final Instant NOW = FakeServices.START;
  private static final NeedsSignature JOB =
      NeedsSignature.first(
          new Acceptance(
              FakeServices.id(1), URI.create("https://receiver.example/in?secret=1"), NOW),
          "hello");

  private final FakeServices fakes = new FakeServices();

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, WITH_CALLBACK})
  void aSignatureIsReturnedAtOnceAndNothingIsQueued(String query) {
    APIGatewayV2HTTPResponse response = answer(query);

    assertThat(response.getBody()).isEqualTo("{\"success\":true,\"data\":\"signature\"}");
    assertAnswered(response, "signed");
    assertThat(fakes.signed).containsExactly("hello");
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.delivered).isEmpty();
  }

  static Stream<Arguments> outcomesWithoutASignature() {
    return Stream.of(
        Arguments.of(failed("http-503"), "unsigned"),
        Arguments.of(new Rejected("http-422"), "rejected"));
  }

  @ParameterizedTest
  @MethodSource("outcomesWithoutASignature")
  void withoutACallbackUrlAFailureIsReturnedAndNothingIsQueued(
      SigningOutcome outcome, String signStatus) {
    fakes.upstream = _ -> outcome;

    assertAnswered(answer(PLAIN), signStatus);

    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.dead).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("outcomesWithoutASignature")
  void aJobOrDeadLetterThatTheQueueDidNotStoreIsNotAccepted(SigningOutcome outcome) {
    fakes.upstream = _ -> outcome;
    fakes.queueIsDown = true;

    APIGatewayV2HTTPResponse response = answer(WITH_CALLBACK);

    assertThat(response.getStatusCode()).isEqualTo(503);
    assertThat(response.getBody()).contains("The job could not be queued. Retry later.");
  }

  @Test
  void withACallbackUrlAFailureIsQueuedAsTheSecondAttempt() {
    fakes.upstream = _ -> failed("http-503");

    APIGatewayV2HTTPResponse response = answer(WITH_CALLBACK);

    assertAnswered(response, "queued");
    assertThat(response.getHeaders()).containsEntry("X-Sign-Expected-In", "30");
    assertQueued(JOB.next(), Duration.ofSeconds(30));
    assertThat(fakes.sent).extracting(Sent::queue).containsExactly(JobQueue.RETRY);
  }

  @Test
  void theRetryAfterOfTheUpstreamIsHonouredWithJitter() {
    fakes.upstream = _ -> new Failed("http-429", Duration.ofSeconds(55));

    answer(WITH_CALLBACK);

    assertQueued(JOB.next(), Duration.ofSeconds(65));
  }

  @Test
  void aJobKnowsUntilWhenItsResultIsWantedAndItsCallEndsThen() {
    fakes.upstream = _ -> failed("timeout");

    assertAnswered(answer(WITH_CALLBACK + "&valid_for=31"), "queued");
    assertAnswered(answer(WITH_CALLBACK + "&valid_for=1"), "unsigned");

    assertThat(fakes.upstreamTimeouts).last().isEqualTo(Duration.ofSeconds(1));
    assertThat(fakes.sent)
        .singleElement()
        .extracting(sent -> sent.job().acceptance().validUntil())
        .isEqualTo(NOW.plusSeconds(31));
  }

  /** There is no job to which it could apply. */
  @Test
  void withoutACallbackUrlTheTimeForWhichAResultIsWantedIsNotUsed() {
    assertAnswered(answer(PLAIN + "&valid_for=1"), "signed");

    assertThat(fakes.upstreamTimeouts).containsExactly(Duration.ofMillis(1_450));
  }

  @Test
  void aRejectedMessageWithACallbackUrlIsADeadLetter() {
    fakes.upstream = _ -> new Rejected("http-422");

    assertAnswered(answer(WITH_CALLBACK), "rejected");

    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.dead)
        .containsExactly(
            new Dead(JOB.fresh(NOW), new DeadLetterReason(Kind.MESSAGE_REJECTED, "http-422", 1)));
  }

  @Test
  void aJobWithoutFurtherAttemptsIsADeadLetter() {
    fakes.with("RETRY_MAX_ATTEMPTS", "1").with("RETRY_GIVE_UP_AFTER_SECONDS", "0").upstream =
        _ -> failed("http-500");

    assertAnswered(answer(WITH_CALLBACK), "unsigned");

    assertThat(fakes.dead)
        .containsExactly(
            new Dead(JOB.fresh(NOW), new DeadLetterReason(Kind.SIGNING_EXHAUSTED, "http-500", 1)));
  }

  @Test
  void aRetryAfterAboveTheLongestDelayIsFollowed() {
    fakes.upstream = _ -> new Failed("http-429", Duration.ofHours(1));

    APIGatewayV2HTTPResponse response = answer(WITH_CALLBACK);

    assertThat(response.getHeaders()).containsEntry("X-Sign-Expected-In", "3610");
    assertQueued(JOB.next().withNotBefore(NOW.plusSeconds(3_610)), Duration.ofSeconds(900));
  }

  @Test
  void everyCallHasTheTimeoutOfTheBudget() {
    fakes.upstream = _ -> fakes.after(Duration.ofMillis(500), failed("timeout"));

    answer(ApiEvents.request(WITH_CALLBACK, NOW.minusMillis(900)));

    assertThat(fakes.limiter.timeouts).containsExactly(Duration.ofMillis(550));
    assertThat(fakes.upstreamTimeouts).containsExactly(Duration.ofMillis(550));
    assertThat(fakes.sent).extracting(Sent::timeout).containsExactly(Duration.ofMillis(450));
  }

  @ParameterizedTest
  @CsvSource({"0, 1450", "1200, 250"})
  void aCallIsMadeIfAtLeast250MillisecondsAreLeftForIt(long startMillis, long timeoutMillis) {
    fakes.upstream = _ -> failed("http-503");

    assertAnswered(answer(startedAfter(startMillis, WITH_CALLBACK)), "queued");

    assertThat(fakes.upstreamTimeouts).containsExactly(Duration.ofMillis(timeoutMillis));
    assertQueued(acceptedBefore(startMillis).next(), Duration.ofSeconds(30));
  }

  /** A slow start has used up the time of the response. The job keeps its first attempt. */
  @ParameterizedTest
  @ValueSource(longs = {1_201, 1_700, 1_850, 2_000, 29_999})
  void afterASlowStartNoGrantIsRequestedAndNoCallMadeAndTheJobIsQueuedAtOnce(long startMillis) {
    APIGatewayV2HTTPResponse response = answer(startedAfter(startMillis, WITH_CALLBACK));

    assertAnswered(response, "queued");
    assertThat(response.getHeaders()).containsEntry("X-Sign-Expected-In", "0");
    assertThat(fakes.limiter.timeouts).isEmpty();
    assertThat(fakes.signed).isEmpty();
    assertQueued(acceptedBefore(startMillis), Duration.ZERO);
    assertThat(fakes.sent).extracting(Sent::queue).containsExactly(JobQueue.RETRY);
  }

  @ParameterizedTest
  @ValueSource(longs = {1_201, 1_700})
  void afterASlowStartARequestWithoutACallbackUrlGetsNoSignature(long startMillis) {
    assertAnswered(answer(startedAfter(startMillis, PLAIN)), "unsigned");

    assertThat(fakes.limiter.timeouts).isEmpty();
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.sent).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1850",
    "0, 1449, 401",
    "0, 1450, 400",
    "0, 1451, 400", // the call ended late
    "1200, 249, 401",
    "1200, 250, 400",
    "1201, 0, 649",
    "1450, 0, 400",
    "1700, 0, 400",
    "29999, 0, 400",
  })
  void theQueueAlwaysHasAtLeast400MillisecondsToStoreTheJob(
      long startMillis, long upstreamMillis, long timeoutMillis) {
    fakes.upstream = _ -> fakes.after(Duration.ofMillis(upstreamMillis), failed("timeout"));

    assertAnswered(answer(startedAfter(startMillis, WITH_CALLBACK)), "queued");

    assertThat(fakes.sent)
        .extracting(Sent::timeout)
        .containsExactly(Duration.ofMillis(timeoutMillis));
  }

  @Test
  void anUnexpectedExceptionIsAnswered503AndLoggedWithoutItsMessage() {
    fakes.upstream = SignWorkflowTest::fail;

    APIGatewayV2HTTPResponse response = answer(WITH_CALLBACK);

    assertThat(response.getStatusCode()).isEqualTo(503);
    assertThat(response.getBody()).contains("Internal error. Retry later.");
    assertThat(fakes.log.toString()).contains("IllegalStateException").doesNotContain("hello");
  }

  private static SigningOutcome fail(String message) {
    throw new IllegalStateException(message + " and its signature");
  }

  private static APIGatewayV2HTTPEvent startedAfter(long millis, String query) {
    return ApiEvents.request(query, NOW.minusMillis(millis));
  }

  private static NeedsSignature acceptedBefore(long millis) {
    return NeedsSignature.first(
        new Acceptance(JOB.id(), JOB.acceptance().callbackUrl(), NOW.minusMillis(millis)), "hello");
  }

  private APIGatewayV2HTTPResponse answer(String query) {
    return answer(ApiEvents.request(query, NOW));
  }

  private APIGatewayV2HTTPResponse answer(APIGatewayV2HTTPEvent request) {
    return new SignWorkflow(fakes.services()).handle(request, NOW);
  }

  private static void assertAnswered(APIGatewayV2HTTPResponse response, String signStatus) {
    assertThat(response.getStatusCode()).isEqualTo(200);
    assertThat(response.getHeaders()).containsEntry("X-Sign-Status", signStatus);
  }

  private void assertQueued(NeedsSignature job, Duration delay) {
    assertThat(fakes.sent).extracting(Sent::job, Sent::delay).containsExactly(tuple(job, delay));
  }
}
