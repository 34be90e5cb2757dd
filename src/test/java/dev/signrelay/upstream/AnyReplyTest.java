package dev.signrelay.upstream;

import static dev.signrelay.testing.HostileText.PARSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.http.HttpResult;
import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.http.HttpResult.Reply;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Retryable;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.json.ResultBody;
import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.LogAssertions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever the upstream answers means something that is documented. */
final class AnyReplyTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @Property(edgeCases = EdgeCasesMode.NONE)
  void anyReplyIsADocumentedOutcome(@ForAll("results") List<HttpResult> results) {
    for (HttpResult result : results) {
      SigningOutcome outcome = SigningReply.outcome(result, NOW);
      assertThat(outcome.code()).matches(LogAssertions.CODE);
      switch (outcome) {
        case Signed(String signature) -> signed((Reply) result, signature);
        case Retryable failure ->
            assertThat(failure.retryAfter() == null || !failure.retryAfter().isNegative()).isTrue();
        case Rejected(String code) ->
            assertThat(code).isIn("http-400", "http-404", "http-413", "http-414", "http-422");
      }
    }
  }

  private static void signed(Reply reply, String signature) {
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.truncated()).isFalse();
    assertThat(signature).isNotBlank().matches("[\\P{Cc}\\t\\r\\n]*");
    assertThat(new String(reply.body(), StandardCharsets.UTF_8)).startsWith(signature);
    String body = ResultBody.success(signature);
    assertThat(body).doesNotContain("\r", "\n");
    assertThat(LogAssertions.json(body).path("data").textValue()).isEqualTo(signature);
    assertThat(LogAssertions.json(body).size()).isEqualTo(2);
  }

  @Provide
  Arbitrary<List<HttpResult>> results() {
    Arbitrary<Integer> status =
        Arbitraries.oneOf(
            Arbitraries.just(200),
            Arbitraries.of(400, 401, 403, 404, 410, 413, 414, 422, 429, 500, 503),
            Arbitraries.integers().between(100, 999));
    Arbitrary<String> type =
        Arbitraries.oneOf(
                Arbitraries.of(
                    "text/plain", "TEXT/x", " text/plain;charset=\r\n", "application/json"),
                HostileText.any())
            .injectNull(0.2);
    Arbitrary<String> retryAfter =
        Arbitraries.oneOf(
                Arbitraries.of(
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
                HostileText.damaged(Arbitraries.just("Mon, 23 Nov 2026 12:00:30 GMT")),
                HostileText.any())
            .injectNull(0.2);
    Arbitrary<byte[]> body =
        Arbitraries.oneOf(
            HostileText.any().map(t -> t.getBytes(StandardCharsets.UTF_8)),
            HostileText.any().map(t -> ("c2ln" + t + "\r\n").getBytes(StandardCharsets.UTF_8)),
            Arbitraries.bytes().array(byte[].class).ofMaxSize(20));
    Arbitrary<Boolean> truncated = Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true));
    Arbitrary<HttpResult> replies =
        Combinators.combine(status, type, retryAfter, body, truncated).as(Reply::new);
    Arbitrary<HttpResult> none =
        Combinators.combine(Arbitraries.of(Cause.class), status.injectNull(0.5)).as(NoReply::new);
    return Arbitraries.frequencyOf(Tuple.of(9, replies), Tuple.of(1, none)).list().ofSize(PARSED);
  }
}
