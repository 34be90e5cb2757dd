package dev.signrelay.sign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.event.HttpApiResponse;
import dev.signrelay.sign.SignAnswer.InternalError;
import dev.signrelay.sign.SignAnswer.Invalid;
import dev.signrelay.sign.SignAnswer.NotQueued;
import dev.signrelay.sign.SignAnswer.Queued;
import dev.signrelay.sign.SignAnswer.Rejected;
import dev.signrelay.sign.SignAnswer.Signed;
import dev.signrelay.sign.SignAnswer.Unauthorized;
import dev.signrelay.sign.SignAnswer.Unsigned;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SignResponsesTest {

  private static final String NO_SIGNATURE = "{\"success\":true,\"data\":null}";
  private static final Map<String, String> RETRY = Map.of("Retry-After", "5");

  static Stream<Arguments> answers() {
    return Stream.of(
        answer(
            new Signed("signature"),
            200,
            "signed",
            Map.of(),
            "{\"success\":true,\"data\":\"signature\"}"),
        answer(new Queued(), 200, "queued", Map.of(), NO_SIGNATURE),
        answer(new Unsigned(), 200, "unsigned", Map.of(), NO_SIGNATURE),
        answer(new Rejected(), 200, "rejected", Map.of(), NO_SIGNATURE),
        answer(
            new Invalid("message is required"),
            400,
            "rejected",
            Map.of(),
            error("message is required")),
        answer(
            new Unauthorized(),
            401,
            "rejected",
            Map.of("WWW-Authenticate", "Bearer realm=\"SignRelay\""),
            error("A valid key is required, as Authorization: Bearer or as x-api-key.")),
        answer(
            new NotQueued(),
            503,
            "unsigned",
            RETRY,
            error("The job could not be queued. Retry later.")),
        answer(new InternalError(), 503, "unsigned", RETRY, error("Internal error. Retry later.")));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void anAnswerHasItsStatusHeadersAndBody(
      SignAnswer answer, int status, Map<String, String> headers, String body) {
    assertThat(SignResponses.of("id-1", answer))
        .isEqualTo(new HttpApiResponse(status, headers, body));
  }

  @Test
  void theTextOfASignedAnswerOmitsTheSignature() {
    assertThat(new Signed("the-signature")).hasToString("Signed");
  }

  private static Arguments answer(
      SignAnswer answer, int status, String signStatus, Map<String, String> more, String body) {
    var headers =
        new HashMap<>(
            Map.of(
                "Content-Type", "application/json",
                "Cache-Control", "no-store",
                "X-Request-Id", "id-1",
                "X-Sign-Status", signStatus));
    headers.putAll(more);
    return Arguments.of(answer, status, headers, body);
  }

  private static String error(String text) {
    return "{\"success\":false,\"data\":null,\"error\":\"" + text + "\"}";
  }
}
