package dev.signrelay.sign;

import static dev.signrelay.testing.FakeRateLimiter.grant;
import static dev.signrelay.testing.FakeServices.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.event.HttpApiRequest;
import dev.signrelay.event.HttpApiResponse;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Dead;
import dev.signrelay.testing.FakeServices.Sent;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
  void aSignatureIsAnsweredAtOnceAndNothingIsQueued(String query) {
    HttpApiResponse response = answer(query);

    assertThat(response.body()).isEqualTo("{\"success\":true,\"data\":\"signature\"}");
    assertAnswered(response, "signed");
    assertThat(fakes.signed).containsExactly("hello");
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.delivered).isEmpty();
  }

  @Test
  void withoutACallbackUrlAFailureIsOnlyAnswered() {
    fakes.upstream = _ -> failed("http-503");

    assertAnswered(answer(PLAIN), "unsigned");

    assertThat(fakes.sent).isEmpty();
  }

  @Test
  void withACallbackUrlAFailureIsQueuedAsTheSecondAttempt() {
    fakes.upstream = _ -> failed("http-503");

    assertAnswered(answer(WITH_CALLBACK), "queued");

    assertQueued(JOB.next(), Duration.ofSeconds(30));
  }

  @Test
  void theRetryAfterOfTheUpstreamIsHonouredWithJitter() {
    fakes.upstream = _ -> new Failed("http-429", Duration.ofSeconds(55));

    answer(WITH_CALLBACK);

    assertQueued(JOB.next(), Duration.ofSeconds(65));
  }

  @Test
  void aRejectedMessageWithACallbackUrlIsADeadLetter() {
    fakes.upstream = _ -> new Rejected("http-422");

    assertAnswered(answer(WITH_CALLBACK), "rejected");

    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.dead)
        .containsExactly(new Dead(JOB, new DeadLetterReason(Kind.MESSAGE_REJECTED, "http-422", 1)));
  }

  @Test
  void aRejectedMessageWithoutACallbackUrlIsOnlyAnswered() {
    fakes.upstream = _ -> new Rejected("http-400");

    assertAnswered(answer(PLAIN), "rejected");

    assertThat(fakes.dead).isEmpty();
  }

  @Test
  void aJobWithoutFurtherAttemptsIsADeadLetter() {
    fakes.with("RETRY_MAX_ATTEMPTS", "1").upstream = _ -> failed("http-500");

    assertAnswered(answer(WITH_CALLBACK), "unsigned");

    assertThat(fakes.dead)
        .containsExactly(
            new Dead(JOB, new DeadLetterReason(Kind.SIGNING_EXHAUSTED, "http-500", 1)));
  }

  @Test
  void aJobThatTheQueueDidNotStoreIsNotAccepted() {
    fakes.upstream = _ -> failed("timeout");
    fakes.queueIsDown = true;

    assertNotQueued(answer(WITH_CALLBACK));
  }

  @Test
  void aDeadLetterThatTheQueueDidNotStoreIsNotAccepted() {
    fakes.upstream = _ -> new Rejected("http-400");
    fakes.queueIsDown = true;

    assertNotQueued(answer(WITH_CALLBACK));
  }

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, WITH_CALLBACK})
  void aGrantIsWaitedForUpTo250Milliseconds(String query) {
    fakes.limiter.wait = Duration.ofMillis(250);

    assertAnswered(answer(query), "signed");

    assertThat(fakes.time.instant()).isEqualTo(NOW.plusMillis(250));
  }

  @Test
  void withoutACallbackUrlALaterGrantIsNotTaken() {
    fakes.limiter.wait = Duration.ofMillis(251);

    assertAnswered(answer(PLAIN), "unsigned");

    assertThat(fakes.limiter.acquired()).isZero();
    assertThat(fakes.signed).isEmpty();
  }

  @Test
  void withACallbackUrlTheJobWaitsForALaterGrantInTheQueueAndThatIsNoAttempt() {
    fakes.limiter.wait = Duration.ofSeconds(60);

    assertAnswered(answer(WITH_CALLBACK), "queued");

    assertThat(fakes.signed).isEmpty();
    assertQueued(JOB.withGrant(grant("grant-1", NOW.plusSeconds(60))), Duration.ofSeconds(57));
  }

  @Test
  void whileTheLimiterIsDownTheUpstreamIsNotCalledAndTheJobIsQueued() {
    fakes.limiter.isDown = true;

    assertAnswered(answer(WITH_CALLBACK), "queued");
    assertAnswered(answer(PLAIN), "unsigned");

    assertThat(fakes.signed).isEmpty();
    assertQueued(JOB, Duration.ofSeconds(30));
    assertThat(fakes.log).extracting(LogEvent::name).containsOnly("rate limiter unavailable");
  }

  @Test
  void everyCallHasTheTimeThatTheBudgetLeaves() {
    fakes.upstream = _ -> fakes.after(Duration.ofMillis(500), failed("timeout"));

    answer(new HttpApiRequest("", WITH_CALLBACK, NOW.minusMillis(900), "", ""));

    assertThat(fakes.limiter.timeouts).containsExactly(Duration.ofMillis(550));
    assertThat(fakes.upstreamTimeouts).containsExactly(Duration.ofMillis(550));
    assertThat(fakes.sent).extracting(Sent::timeout).containsExactly(Duration.ofMillis(450));
  }

  @Test
  void anUnexpectedExceptionIsAnswered503AndLoggedWithoutItsMessage() {
    fakes.upstream = SignWorkflowTest::fail;

    HttpApiResponse response = answer(WITH_CALLBACK);

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("Internal error. Retry later.");
    assertThat(fakes.log.toString()).contains("IllegalStateException").doesNotContain("hello");
  }

  private static SigningOutcome fail(String message) {
    throw new IllegalStateException(message + " and its signature");
  }

  private HttpApiResponse answer(String query) {
    return answer(new HttpApiRequest("", query, NOW, "", ""));
  }

  private HttpApiResponse answer(HttpApiRequest request) {
    return new SignWorkflow(fakes.services()).answer(request, NOW);
  }

  private static void assertAnswered(HttpApiResponse response, String signStatus) {
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers()).containsEntry("X-Sign-Status", signStatus);
  }

  private void assertNotQueued(HttpApiResponse response) {
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("The job could not be queued. Retry later.");
  }

  private void assertQueued(NeedsSignature job, Duration delay) {
    assertThat(fakes.sent)
        .singleElement()
        .satisfies(
            sent -> {
              assertThat(sent.job()).isEqualTo(job);
              assertThat(sent.delay()).isEqualTo(delay);
            });
  }
}
