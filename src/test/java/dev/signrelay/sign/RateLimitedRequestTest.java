package dev.signrelay.sign;

import static dev.signrelay.testing.FakeRateLimiter.grant;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.json.Json;
import dev.signrelay.testing.FakeRateLimiter;
import dev.signrelay.testing.FakeServices;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SignFunction when calls are limited. */
final class RateLimitedRequestTest {

  private static final String PLAIN = "message=hello";
  private static final String WITH_CALLBACK =
      "message=hello&callback_url=https%3A%2F%2Freceiver.example%2Fin";
  private static final Instant NOW = FakeServices.START;

  private final FakeServices fakes = new FakeServices();

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, WITH_CALLBACK})
  void aRequestThatMayCallNowCallsBeforeItsGrantIsOver(String query) {
    assertThat(status(get(query))).isEqualTo("signed");
    assertThat(fakes.sentBefore).containsExactly(NOW.plus(FakeRateLimiter.TOLERANCE));
  }

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, WITH_CALLBACK})
  void aGrantAQuarterOfASecondAheadIsWaitedFor(String query) {
    fakes.limiter.wait = Duration.ofMillis(250);

    assertThat(status(get(query))).isEqualTo("signed");
    assertThat(fakes.time.instant()).isEqualTo(NOW.plusMillis(250));
  }

  @Test
  void aRequestWithoutACallbackTakesNoGrantForLater() {
    fakes.limiter.wait = Duration.ofMillis(251);

    assertThat(status(get(PLAIN))).isEqualTo("unsigned");
    assertThat(fakes.limiter.acquired()).isZero();
    assertThat(fakes.signed).isEmpty();
  }

  @Test
  void aRequestWithACallbackTakesOneForLaterToTheQueueAndThatIsNoAttempt() {
    fakes.limiter.wait = Duration.ofSeconds(60);

    assertThat(status(get(WITH_CALLBACK))).isEqualTo("queued");

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.sent)
        .extracting(FakeServices.Sent::delay)
        .containsExactly(Duration.ofSeconds(57));
    assertThat(fakes.sent)
        .extracting(s -> (NeedsSignature) s.job())
        .allSatisfy(
            job -> {
              assertThat(job.attempt()).isEqualTo(1);
              assertThat(job.grant()).isEqualTo(grant("grant-1", NOW.plusSeconds(60)));
            });
  }

  @Test
  void aRequestThatMayNotCallNowAndCannotBeQueuedIsNotAccepted() {
    fakes.limiter.wait = Duration.ofSeconds(60);
    fakes.queueIsDown = true;

    assertThat(get(WITH_CALLBACK).path("statusCode").intValue()).isEqualTo(503);
  }

  @Test
  void whileTheLimiterIsDownNoCallIsMadeAndTheJobIsQueued() {
    fakes.limiter.isDown = true;

    assertThat(status(get(PLAIN))).isEqualTo("unsigned");
    assertThat(status(get(WITH_CALLBACK))).isEqualTo("queued");

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.sent).extracting(s -> s.job().attempt()).containsExactly(1);
    assertThat(fakes.sent)
        .extracting(FakeServices.Sent::delay)
        .containsExactly(Duration.ofSeconds(30));
    assertThat(fakes.log.toString()).contains("rate limiter unavailable");
  }

  @Test
  void theLimiterHas700MillisecondsAndNeverMoreThanTheUpstreamWouldHave() {
    get(WITH_CALLBACK);
    fakes.answer(receivedAt(NOW.minusSeconds(1)));

    assertThat(fakes.limiter.timeouts)
        .containsExactly(Duration.ofMillis(700), Duration.ofMillis(450));
  }

  private static String status(JsonNode answer) {
    assertThat(answer.path("statusCode").intValue()).isEqualTo(200);
    return answer.path("headers").path("X-Sign-Status").textValue();
  }

  private static JsonNode receivedAt(Instant time) {
    var event = Json.object().put("rawQueryString", PLAIN);
    event.putObject("requestContext").put("timeEpoch", time.toEpochMilli());
    return event;
  }

  private JsonNode get(String query) {
    return fakes.answer(Json.object().put("rawQueryString", query));
  }
}
