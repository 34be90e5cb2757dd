package dev.signrelay.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Sent;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests for which no call is free. */
final class SignWorkflowRateLimitTest {

  private static final String PLAIN = "message=hello";
  private static final String WITH_CALLBACK =
      "message=hello&callback_url=https://receiver.example/in";
  private static final Instant NOW = FakeServices.START;
  private static final NeedsSignature JOB =
      NeedsSignature.first(
          new Acceptance(FakeServices.id(1), URI.create("https://receiver.example/in"), NOW),
          "hello");

  private final FakeServices fakes = new FakeServices();

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, WITH_CALLBACK})
  void aGrantIsWaitedForUpTo250Milliseconds(String query) {
    fakes.limiter.wait = Duration.ofMillis(250);

    assertThat(signStatus(query)).isEqualTo("signed");

    assertThat(fakes.time.instant()).isEqualTo(NOW.plusMillis(250));
  }

  @Test
  void withoutACallbackUrlALaterCallIsNotWaitedFor() {
    fakes.limiter.wait = Duration.ofMillis(251);

    assertThat(signStatus(PLAIN)).isEqualTo("unsigned");

    assertThat(fakes.limiter.acquired()).isZero();
    assertThat(fakes.signed).isEmpty();
  }

  /** Its call is granted when it begins, to whoever drains the line. */
  @ParameterizedTest
  @ValueSource(longs = {251, 5_000, 110_000})
  void withACallbackUrlTheJobJoinsTheLineAndThatIsNoAttempt(long waitMillis) {
    fakes.limiter.wait = Duration.ofMillis(waitMillis);
    fakes.limiter.expectedWait = Duration.ofMillis(89_001);

    APIGatewayV2HTTPResponse response = handle(WITH_CALLBACK);

    assertThat(response.getHeaders())
        .containsEntry("X-Sign-Status", "queued")
        .containsEntry("X-Sign-Expected-In", "90");
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.limiter.acquired()).isZero();
    assertQueued(JOB, JobQueue.LINE, Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource({"600, 600000", "86400, 86400000", "0, 9999999000", "61, 61000"})
  void aLineUpToItsBoundIsJoined(String bound, long expectedMillis) {
    lineIsExpectedToTake(Duration.ofMillis(expectedMillis));
    fakes.with("LINE_MAX_SECONDS", bound);

    assertThat(signStatus(WITH_CALLBACK)).isEqualTo("queued");

    assertQueued(JOB, JobQueue.LINE, Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource({"600, 600001, 1", "600, 601000, 1", "600, 601001, 2", "1, 3600000, 3599"})
  void aLineAboveItsBoundIsNotJoinedAndTheClientLearnsWhenToRetry(
      String bound, long expectedMillis, String retryAfter) {
    lineIsExpectedToTake(Duration.ofMillis(expectedMillis));
    fakes.with("LINE_MAX_SECONDS", bound);

    APIGatewayV2HTTPResponse response = handle(WITH_CALLBACK);

    assertThat(response.getStatusCode()).isEqualTo(503);
    assertThat(response.getHeaders())
        .containsEntry("X-Sign-Status", "unsigned")
        .containsEntry("Retry-After", retryAfter)
        .doesNotContainKey("X-Sign-Expected-In");
    assertThat(response.getBody()).contains("Too many jobs are waiting. Retry later.");
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.dead).isEmpty();
    assertThat(fakes.log)
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.measurements())
                    .containsEntry(Metric.LINE_FULL, 1)
                    .containsEntry(Metric.UNAVAILABLE, 1)
                    .doesNotContainKey(Metric.JOINED_LINE));
  }

  /** The note of its length is old, so it is not known that any run drains it. */
  @Test
  void aLineOfUnknownLengthIsNotJoinedAndTheClientMayRetryAfterAMinute() {
    lineIsExpectedToTake(Duration.ZERO);
    fakes.limiter.lineIsKnown = false;
    fakes.with("JOB_TABLE", "jobs");

    APIGatewayV2HTTPResponse response = handle(WITH_CALLBACK);

    assertThat(response.getStatusCode()).isEqualTo(503);
    assertThat(response.getHeaders())
        .containsEntry("X-Sign-Status", "unsigned")
        .containsEntry("Retry-After", "60");
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.records.written).isEmpty();
    assertThat(fakes.log)
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.measurements())
                    .containsEntry(Metric.LINE_FULL, 1)
                    .doesNotContainKey(Metric.JOINED_LINE));
  }

  @Test
  void withoutACallbackUrlTheLengthOfTheLineDoesNotMatter() {
    lineIsExpectedToTake(Duration.ofDays(2));

    assertThat(signStatus(PLAIN)).isEqualTo("unsigned");
  }

  @Test
  void whileTheLimiterIsDownTheUpstreamIsNotCalledAndTheJobJoinsTheLine() {
    fakes.limiter.isDown = true;

    assertThat(handle(WITH_CALLBACK).getHeaders())
        .containsEntry("X-Sign-Status", "queued")
        .containsEntry("X-Sign-Expected-In", "60");
    assertThat(signStatus(PLAIN)).isEqualTo("unsigned");

    assertThat(fakes.signed).isEmpty();
    assertQueued(JOB, JobQueue.LINE, Duration.ZERO);
    assertThat(fakes.log).extracting(LogEvent::name).containsOnly("rate limiter unavailable");
  }

  @Test
  void withoutTheUpstreamsKeyNoGrantIsTakenAndTheJobJoinsTheLine() {
    fakes.upstreamKeyIsKnown = false;

    assertThat(signStatus(WITH_CALLBACK)).isEqualTo("queued");
    assertThat(signStatus(PLAIN)).isEqualTo("unsigned");

    assertThat(fakes.limiter.timeouts).isEmpty();
    assertThat(fakes.signed).isEmpty();
    assertQueued(JOB, JobQueue.LINE, Duration.ZERO);
    assertThat(fakes.log).extracting(LogEvent::name).containsOnly("upstream key unavailable");
  }

  @Test
  void aJobWhoseGrantExpiresBeforeTheConnectionIsEstablishedJoinsTheLineAndThatIsNoAttempt() {
    fakes.connectsInTime = false;

    APIGatewayV2HTTPResponse response = handle(WITH_CALLBACK);

    assertThat(response.getHeaders())
        .containsEntry("X-Sign-Status", "queued")
        .containsEntry("X-Sign-Expected-In", "60");
    assertQueued(JOB, JobQueue.LINE, Duration.ZERO);
  }

  @Test
  void aJobThatTheLineDidNotStoreIsNotAccepted() {
    fakes.limiter.wait = Duration.ofSeconds(60);
    fakes.queueIsDown = true;

    assertThat(handle(WITH_CALLBACK).getStatusCode()).isEqualTo(503);
  }

  private void lineIsExpectedToTake(Duration expected) {
    fakes.limiter.wait = Duration.ofSeconds(60);
    fakes.limiter.expectedWait = expected;
  }

  private String signStatus(String query) {
    APIGatewayV2HTTPResponse response = handle(query);
    assertThat(response.getStatusCode()).isEqualTo(200);
    return response.getHeaders().get("X-Sign-Status");
  }

  private APIGatewayV2HTTPResponse handle(String query) {
    return new SignWorkflow(fakes.services()).handle(ApiEvents.request(query, NOW), NOW);
  }

  private void assertQueued(NeedsSignature job, JobQueue queue, Duration delay) {
    assertThat(fakes.sent)
        .extracting(Sent::job, Sent::queue, Sent::delay)
        .containsExactly(tuple(job, queue, delay));
  }
}
