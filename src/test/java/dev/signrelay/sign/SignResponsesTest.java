package dev.signrelay.sign;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.CallUnderWay;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.GrantExpired;
import dev.signrelay.job.SigningResult.KeyUnavailable;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.sign.SignResult.Attempted;
import dev.signrelay.sign.SignResult.Crashed;
import dev.signrelay.sign.SignResult.Decided;
import dev.signrelay.sign.SignResult.Refused;
import dev.signrelay.sign.SignResult.Repeated;
import dev.signrelay.testing.FakeTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SignResponsesTest {

  private static final String NO_SIGNATURE = "{\"success\":true,\"data\":null}";
  private static final Map<String, String> RETRY = Map.of("Retry-After", "5");

  private static final Instant NOW = FakeTime.START;
  private static final Grant GRANT = new Grant("g", NOW.plusSeconds(44), NOW.plusSeconds(45));
  private static final NeedsSignature JOB =
      NeedsSignature.first(
          new Acceptance("id-1", URI.create("https://receiver.example/in"), NOW), "hello");

  static Stream<Arguments> results() {
    return Stream.of(
        row(
            new Attempted(SignAnswer.SIGNED, attempt(new Signed("signature"))),
            200,
            "signed",
            Map.of(),
            "{\"success\":true,\"data\":\"signature\"}"),
        row(
            new Attempted(SignAnswer.SIGNED, reused(Duration.ofMillis(1_999))),
            200,
            "signed",
            Map.of("Age", "1"),
            "{\"success\":true,\"data\":\"signature\"}"),
        row(
            new Decided(
                SignAnswer.SIGNED,
                reused(Duration.ZERO),
                new Deliver(JOB.signedBefore("signature", NOW))),
            200,
            "signed",
            Map.of("Age", "0"),
            "{\"success\":true,\"data\":\"signature\"}"),
        queued(new CallUnderWay(), 5_001, "6"),
        queued(new Called(new Failed("http-503", null), NOW, NOW), 30_000, "30"),
        queued(new Called(new Failed("http-503", null), NOW, NOW), 30_001, "31"),
        queued(
            new Called(new Failed("http-429", null), NOW.minusSeconds(1), NOW),
            new Requeue(JOB.next().withNotBefore(NOW.plusSeconds(3_600)), Duration.ofSeconds(900)),
            "3600"),
        queued(new NotGranted(Duration.ofMinutes(7), true), 0, "420"),
        queued(new NotGranted(Duration.ZERO, true), 0, "0"),
        queued(new OutOfTime(), 0, "0"),
        queued(new GrantExpired(), 0, "60"),
        queued(new LimiterUnavailable(new IllegalStateException()), 0, "60"),
        queued(new KeyUnavailable(), 0, "60"),
        unsigned(new Called(new Failed("timeout", null), NOW, NOW), "5"),
        unsigned(new Called(new Failed("http-429", Duration.ofMillis(7_001)), NOW, NOW), "8"),
        unsigned(new Called(new Failed("http-429", Duration.ZERO), NOW, NOW), "5"),
        unsigned(new NotGranted(Duration.ofMillis(90_001), true), "91"),
        unsigned(new NotGranted(Duration.ofMillis(90_001), false), "60"),
        unsigned(new LimiterUnavailable(new IllegalStateException()), "5"),
        row(
            new Decided(
                SignAnswer.UNSIGNED,
                attempt(new Failed("http-503", Duration.ofSeconds(2))),
                new DeadLetter(JOB, new DeadLetterReason(Kind.SIGNING_EXHAUSTED, "http-503", 1))),
            200,
            "unsigned",
            Map.of("Retry-After", "2"),
            NO_SIGNATURE),
        row(
            new Attempted(SignAnswer.REJECTED, attempt(new Rejected("http-400"))),
            200,
            "rejected",
            Map.of(),
            NO_SIGNATURE),
        row(
            new Refused("id-1", SignAnswer.INVALID, "message is required"),
            400,
            "rejected",
            Map.of(),
            error("message is required")),
        row(
            new Refused("id-1", SignAnswer.UNAUTHORIZED, "a key is required"),
            401,
            "rejected",
            Map.of("WWW-Authenticate", "Bearer realm=\"SignRelay\""),
            error("a key is required")),
        row(
            RequestEventsTest.NOT_QUEUED,
            503,
            "unsigned",
            RETRY,
            error("The job could not be queued. Retry later.")),
        row(
            RequestEventsTest.LINE_FULL,
            503,
            "unsigned",
            Map.of("Retry-After", "91"),
            error("Too many jobs are waiting. Retry later.")),
        repeated(NOW, "31"),
        repeated(NOW.plusSeconds(40), "0"),
        row(
            new Crashed("id-1", new IllegalStateException()),
            503,
            "unsigned",
            RETRY,
            error("Internal error. Retry later.")));
  }

  @ParameterizedTest
  @MethodSource("results")
  void aResultHasItsStatusHeadersAndBody(
      SignResult result, int status, Map<String, String> headers, String body) {
    assertThat(SignResponses.of(result))
        .isEqualTo(
            APIGatewayV2HTTPResponse.builder()
                .withStatusCode(status)
                .withHeaders(headers)
                .withBody(body)
                .build());
  }

  private static Arguments unsigned(SigningResult result, String retryAfter) {
    return row(
        new Attempted(SignAnswer.UNSIGNED, new Signing("id-1", "", 1, null, result)),
        200,
        "unsigned",
        Map.of("Retry-After", retryAfter),
        NO_SIGNATURE);
  }

  private static Arguments queued(SigningResult result, long delayMillis, String expectedIn) {
    return queued(result, new Requeue(JOB, Duration.ofMillis(delayMillis)), expectedIn);
  }

  private static Arguments queued(SigningResult result, Requeue requeue, String expectedIn) {
    return row(
        new Decided(SignAnswer.QUEUED, Signing.of(JOB, result), requeue),
        200,
        "queued",
        Map.of("X-Sign-Expected-In", expectedIn),
        NO_SIGNATURE);
  }

  private static Arguments repeated(Instant now, String expectedIn) {
    return row(
        new Repeated(SignAnswer.ACCEPTED, RequestEventsTest.PRESENT, now),
        202,
        "queued",
        Map.of(
            "X-Sign-Expected-In", expectedIn,
            "Location", "/crypto/jobs/id-1",
            "Preference-Applied", "respond-async"),
        NO_SIGNATURE);
  }

  private static Arguments row(
      SignResult result, int status, String signStatus, Map<String, String> more, String body) {
    var headers =
        new HashMap<>(
            Map.of(
                "Content-Type", "application/json",
                "Cache-Control", "no-store",
                "X-Request-Id", "id-1",
                "X-Sign-Status", signStatus));
    headers.putAll(more);
    return Arguments.of(result, status, headers, body);
  }

  private static Signing attempt(SigningOutcome outcome) {
    return new Signing("id-1", "", 1, null, new Called(outcome, NOW, NOW));
  }

  private static Signing reused(Duration age) {
    return Signing.of(JOB, new Reused("signature", age));
  }

  private static String error(String text) {
    return "{\"success\":false,\"data\":null,\"error\":\"" + text + "\"}";
  }
}
