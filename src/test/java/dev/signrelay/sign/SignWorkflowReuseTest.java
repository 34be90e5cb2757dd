package dev.signrelay.sign;

import static dev.signrelay.testing.FakeServices.failed;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeSignatureCache.Request;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with the same message, while signatures are reused. */
final class SignWorkflowReuseTest {

  private static final String PLAIN = "message=hello";
  private static final String WITH_CALLBACK =
      "message=hello&callback_url=https%3A%2F%2Freceiver.example%2Fin";
  private static final Instant NOW = FakeServices.START;

  private final FakeServices fakes =
      new FakeServices().with("JOB_TABLE", "jobs").with("SIGNATURE_CACHE_SECONDS", "600");

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, WITH_CALLBACK})
  void aSignatureAnswersFurtherRequestsWithItsAge(String query) {
    assertThat(answer(PLAIN).getHeaders()).doesNotContainKey("Age");
    fakes.time.advance(Duration.ofSeconds(12));

    APIGatewayV2HTTPResponse response = answer(query);

    assertThat(response.getBody()).isEqualTo("{\"success\":true,\"data\":\"signature\"}");
    assertThat(response.getHeaders())
        .containsEntry("X-Sign-Status", "signed")
        .containsEntry("Age", "12");
    assertThat(fakes.signed).hasSize(1);
    assertThat(fakes.limiter.acquired()).isOne();
    assertThat(fakes.sent).isEmpty();
  }

  @Test
  void withoutTheSettingEachRequestIsACall() {
    fakes.with("SIGNATURE_CACHE_SECONDS", "0");

    answer(PLAIN);
    answer(PLAIN);

    assertThat(fakes.signed).hasSize(2);
    assertThat(fakes.signatures.requests).isEmpty();
  }

  @Test
  void aFailureIsNotReused() {
    fakes.upstream = _ -> failed("http-503");
    answer(PLAIN);
    fakes.upstream = Signed::new;

    assertThat(answer(PLAIN).getHeaders()).containsEntry("X-Sign-Status", "signed");
    assertThat(fakes.signed).hasSize(2);
  }

  @Test
  void aRequestThatWaitsInVainForAnotherCallIsQueuedForAFewSeconds() {
    anotherCallIsUnderWay();

    assertThat(answer(WITH_CALLBACK).getHeaders())
        .containsEntry("X-Sign-Status", "queued")
        .containsEntry("X-Sign-Expected-In", "6");

    assertThat(fakes.sent)
        .singleElement()
        .satisfies(
            sent -> {
              assertThat(((NeedsSignature) sent.job()).attempt()).isEqualTo(1);
              assertThat(sent.delay()).isEqualTo(Duration.ofSeconds(6));
              // Not less than the time that is reserved for the queue.
              assertThat(sent.timeout()).isEqualTo(Duration.ofMillis(500));
            });
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.time.instant()).isBefore(NOW.plusMillis(1_500));
  }

  @Test
  void withoutACallbackSuchARequestIsUnsigned() {
    anotherCallIsUnderWay();

    assertThat(answer(PLAIN).getHeaders()).containsEntry("X-Sign-Status", "unsigned");
    assertThat(fakes.time.instant()).isBefore(NOW.plusMillis(1_500));
  }

  @Test
  void aTableThatIsDownPreventsNoSignature() {
    for (Request request : Request.values()) {
      fakes.signatures.refused.add(request);
      assertThat(answer(PLAIN).getHeaders()).containsEntry("X-Sign-Status", "signed");
    }
    assertThat(fakes.signed).hasSize(4);
  }

  private void anotherCallIsUnderWay() {
    fakes.signatures.lease("hello", "another", NOW.plusSeconds(20), Duration.ZERO);
  }

  private APIGatewayV2HTTPResponse answer(String query) {
    Instant now = fakes.time.instant();
    return new SignWorkflow(fakes.services()).handle(ApiEvents.request(query, now), now);
  }
}
