package dev.signrelay.upstream;

import static dev.signrelay.testing.Fuzz.PARSER_CASES;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.http.HttpResult;
import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.http.HttpResult.Reply;
import dev.signrelay.http.RetryAfter;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Retryable;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.json.ResultBody;
import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.SeededInput;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Any reply of the upstream is one of the documented outcomes. */
public final class SigningReplyFuzzTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @Test
  void anyReplyIsADocumentedOutcome() {
    Fuzz.check(PARSER_CASES, SigningReplyFuzzTest::result, SigningReplyFuzzTest::check);
  }

  /**
   * As {@link #anyReplyIsADocumentedOutcome}.
   *
   * @param input a line each for status, {@code Content-Type} and {@code Retry-After}, and the body
   */
  public static void check(byte[] input) {
    String[] lines = new String(input, ISO_8859_1).split("\n", 4);
    if (lines.length == 4 && lines[0].matches("[1-9][0-9]{2}")) {
      check(
          new Reply(
              Integer.parseInt(lines[0]),
              lines[1].isEmpty() ? null : lines[1],
              lines[2].isEmpty() ? null : RetryAfter.read(lines[2], NOW),
              lines[3].getBytes(ISO_8859_1),
              false));
    }
  }

  private static void check(HttpResult result) {
    SigningOutcome outcome = SigningReply.outcome(result);
    assertThat(outcome.code()).matches(LogAssertions.CODE);
    switch (outcome) {
      case Signed(String signature) -> checkSigned((Reply) result, signature);
      case Retryable failure ->
          assertThat(failure.retryAfter() == null || !failure.retryAfter().isNegative()).isTrue();
      case Rejected(String code) ->
          assertThat(code).isIn("http-400", "http-413", "http-414", "http-422");
    }
  }

  private static void checkSigned(Reply reply, String signature) {
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.truncated()).isFalse();
    assertThat(signature).isNotBlank().matches("[\\P{Cc}\\t\\r\\n]*");
    assertThat(new String(reply.body(), UTF_8)).startsWith(signature);
    String body = ResultBody.success(signature);
    assertThat(body).doesNotContain("\r", "\n");
    assertThat(LogAssertions.json(body).path("data").textValue()).isEqualTo(signature);
    assertThat(LogAssertions.json(body).size()).isEqualTo(2);
  }

  private static HttpResult result(SeededInput in) {
    return in.oneIn(10)
        ? new NoReply(in.oneOf(Cause.values()), in.oneIn(2) ? null : status(in))
        : new Reply(
            status(in),
            contentType(in),
            RetryAfter.read(retryAfter(in), NOW),
            body(in),
            in.oneIn(10));
  }

  private static int status(SeededInput in) {
    return in.oneMadeBy(
        () -> 200,
        () -> in.oneOf(400, 401, 403, 404, 410, 413, 414, 422, 429, 500, 503),
        () -> in.between(100, 999));
  }

  private static @Nullable String contentType(SeededInput in) {
    return in.oneIn(5)
        ? null
        : in.oneMadeBy(
            () -> in.oneOf("text/plain", "TEXT/x", " text/plain;charset=\r\n", "application/json"),
            () -> HostileText.any(in));
  }

  private static @Nullable String retryAfter(SeededInput in) {
    return in.oneIn(5)
        ? null
        : in.oneMadeBy(
            () ->
                in.oneOf(
                    "0",
                    "7",
                    "9".repeat(400),
                    "-1",
                    "1.5",
                    "Mon, 23 Nov 2026 12:00:30 GMT",
                    "Fri, 31 Dec 9999 23:59:59 GMT",
                    "Monday, 23-Nov-26 12:00:30 GMT",
                    "Mon Nov 23 12:00:30 2026",
                    "Thu Jan  1 00:00:00 999999999",
                    "\u0661"),
            () -> HostileText.damaged(in, "Mon, 23 Nov 2026 12:00:30 GMT"),
            () -> HostileText.any(in));
  }

  private static byte[] body(SeededInput in) {
    return in.oneMadeBy(
        () -> HostileText.any(in).getBytes(UTF_8),
        () -> ("c2ln" + HostileText.any(in) + "\r\n").getBytes(UTF_8),
        () -> in.bytes(20));
  }
}
