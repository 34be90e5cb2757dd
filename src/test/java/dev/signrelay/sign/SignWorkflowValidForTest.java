package dev.signrelay.sign;

import static dev.signrelay.testing.FakeServices.failed;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeServices;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests whose result is wanted for a time. */
final class SignWorkflowValidForTest {

  private static final Instant NOW = FakeServices.START;

  private final FakeServices fakes = new FakeServices().with("JOB_TABLE", "jobs");

  @ParameterizedTest
  @ValueSource(ints = {1, 6, 29, 30})
  void aJobThatExpiresBeforeItsCallIsNotStored(int validFor) {
    fakes.limiter.wait = Duration.ofSeconds(20);
    fakes.limiter.expectedWait = Duration.ofSeconds(30);

    assertUnsigned(answer(validFor, ""), "30");
    assertUnsigned(answer(validFor, "respond-async"), "30");

    assertThat(fakes.log)
        .hasSize(2)
        .allSatisfy(
            event -> {
              assertThat(event.name()).isEqualTo("rate limited");
              assertThat(event.level()).isEqualTo(LogEvent.Level.INFO);
              assertThat(event.measurements())
                  .containsEntry(Metric.UNSIGNED, 1)
                  .doesNotContainKey(Metric.JOINED_LINE);
            });
  }

  /** A further attempt would find too little time. */
  @Test
  void aJobThatExpiresWithinASecondIsNotStoredAlthoughItsCallIsExpectedAtOnce() {
    fakes.limiter.wait = Duration.ofSeconds(20);
    fakes.limiter.expectedWait = Duration.ZERO;

    assertUnsigned(answer(1, ""), "5");
  }

  @Test
  void aJobThatIsWantedAtItsCallJoinsTheLine() {
    fakes.limiter.wait = Duration.ofSeconds(20);
    fakes.limiter.expectedWait = Duration.ofSeconds(30);

    assertThat(answer(31, "").getHeaders()).containsEntry("X-Sign-Status", "queued");

    assertThat(fakes.sent).hasSize(1);
  }

  /** The delay after the first failed call is 30 s. */
  @ParameterizedTest
  @CsvSource({"1, 5", "30, 5"})
  void aJobThatExpiresBeforeItsSecondCallIsNotStored(int validFor, String retryAfter) {
    fakes.upstream = _ -> failed("http-503");

    assertUnsigned(answer(validFor, ""), retryAfter);

    assertThat(fakes.signed).hasSize(1);
  }

  @Test
  void aJobThatIsWantedAtItsSecondCallIsQueued() {
    fakes.upstream = _ -> failed("http-503");

    assertThat(answer(31, "").getHeaders()).containsEntry("X-Sign-Status", "queued");

    assertThat(fakes.sent).hasSize(1);
  }

  /** While the limiter is down nobody knows when the next call is. */
  @Test
  void aJobWhoseCallIsNotKnownIsQueued() {
    fakes.limiter.isDown = true;

    assertThat(answer(5, "").getHeaders()).containsEntry("X-Sign-Status", "queued");
  }

  @Test
  void theKeyOfARequestThatStoredNothingIsReleased() {
    fakes.limiter.wait = Duration.ofSeconds(20);
    fakes.limiter.expectedWait = Duration.ofSeconds(20);
    var headers = Map.of("idempotency-key", "key-1");

    assertUnsigned(answer(5, headers), "20");
    fakes.limiter.wait = Duration.ZERO;

    assertThat(answer(5, headers).getHeaders()).containsEntry("X-Sign-Status", "signed");
  }

  private void assertUnsigned(APIGatewayV2HTTPResponse response, String retryAfter) {
    assertThat(response.getStatusCode()).isEqualTo(200);
    assertThat(response.getBody()).isEqualTo("{\"success\":true,\"data\":null}");
    assertThat(response.getHeaders())
        .containsEntry("X-Sign-Status", "unsigned")
        .containsEntry("Retry-After", retryAfter)
        .doesNotContainKeys("X-Sign-Expected-In", "Location", "Preference-Applied");
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.dead).isEmpty();
    assertThat(fakes.records.written).isEmpty();
  }

  private APIGatewayV2HTTPResponse answer(int validFor, String prefer) {
    return answer(validFor, Map.of("prefer", prefer));
  }

  private APIGatewayV2HTTPResponse answer(int validFor, Map<String, String> headers) {
    String query = "message=hello&callback_url=https://receiver.example/&valid_for=" + validFor;
    return new SignWorkflow(fakes.services()).handle(ApiEvents.request(query, NOW, headers), NOW);
  }
}
