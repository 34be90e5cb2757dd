package dev.signrelay.sign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.event.HttpApiResponse;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.sign.SignResult.Attempted;
import dev.signrelay.sign.SignResult.Crashed;
import dev.signrelay.sign.SignResult.Refused;
import dev.signrelay.testing.FakeTime;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SignResponsesTest {

  private static final String NO_SIGNATURE = "{\"success\":true,\"data\":null}";
  private static final Map<String, String> RETRY = Map.of("Retry-After", "5");

  static Stream<Arguments> results() {
    return Stream.of(
        row(
            new Attempted(SignAnswer.SIGNED, attempt(new Signed("signature"))),
            200,
            "signed",
            Map.of(),
            "{\"success\":true,\"data\":\"signature\"}"),
        row(
            new Attempted(SignAnswer.QUEUED, attempt(new Rejected("http-400"))),
            200,
            "queued",
            Map.of(),
            NO_SIGNATURE),
        row(
            new Attempted(SignAnswer.UNSIGNED, attempt(new Rejected("http-400"))),
            200,
            "unsigned",
            Map.of(),
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
    assertThat(SignResponses.of(result)).isEqualTo(new HttpApiResponse(status, headers, body));
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
    return new Signing(
        "id-1", "hello", 1, null, new Called(outcome, FakeTime.START, FakeTime.START));
  }

  private static String error(String text) {
    return "{\"success\":false,\"data\":null,\"error\":\"" + text + "\"}";
  }
}
