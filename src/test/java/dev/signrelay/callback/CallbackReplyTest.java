package dev.signrelay.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.http.HttpResult;
import dev.signrelay.http.HttpResult.Cause;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.http.HttpResult.Reply;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import java.time.Duration;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The outcome of a receiver's reply. */
final class CallbackReplyTest {

  private static final Duration WAIT = Duration.ofSeconds(7);

  @Test
  void every2xxIsDelivered() {
    assertThat(IntStream.rangeClosed(200, 299))
        .allSatisfy(s -> assertThat(reply(s, WAIT)).isEqualTo(new Delivered("http-" + s)));
  }

  @Test
  void status410IsGone() {
    assertThat(reply(410, WAIT)).isEqualTo(new Gone("http-410"));
  }

  @Test
  void everyOtherStatusIsUndeliveredWithItsRetryAfter() {
    assertThat(IntStream.rangeClosed(100, 599).filter(s -> s / 100 != 2 && s != 410))
        .contains(199, 300, 301, 308, 400, 404, 429, 500, 503)
        .allSatisfy(s -> assertThat(reply(s, WAIT)).isEqualTo(new Undelivered("http-" + s, WAIT)));
  }

  @Test
  void aReplyNeedsNoRetryAfter() {
    assertThat(reply(503, null)).isEqualTo(new Undelivered("http-503", null));
  }

  /** A name with a forbidden address is retried like one that does not exist. */
  @ParameterizedTest
  @CsvSource({
    "TIMEOUT, timeout",
    "UNKNOWN_HOST, unknown-host",
    "FORBIDDEN_ADDRESS, forbidden-address",
    "CONNECT, connect",
    "TOO_LATE, too-late",
    "TLS, tls",
    "DISCONNECTED, disconnected",
    "MALFORMED, malformed",
  })
  void noReplyIsUndeliveredWithItsCause(Cause cause, String code) {
    assertThat(outcome(new NoReply(cause, null))).isEqualTo(new Undelivered(code, null));
  }

  @ParameterizedTest
  @EnumSource(Cause.class)
  void aStatusDecidesWithoutACompleteBody(Cause cause) {
    assertThat(outcome(new NoReply(cause, 200))).isEqualTo(new Delivered("http-200"));
    assertThat(outcome(new NoReply(cause, 410))).isEqualTo(new Gone("http-410"));
    assertThat(outcome(new NoReply(cause, 503))).isEqualTo(new Undelivered("http-503", null));
  }

  private static DeliveryOutcome reply(int status, @Nullable Duration retryAfter) {
    // The body is ignored, however long it is.
    return outcome(new Reply(status, "text/html", retryAfter, new byte[] {'x'}, true));
  }

  private static DeliveryOutcome outcome(HttpResult result) {
    return CallbackReply.outcome(result);
  }
}
