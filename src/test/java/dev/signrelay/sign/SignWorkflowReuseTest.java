package dev.signrelay.sign;

import static dev.signrelay.sign.SignFixture.NOW;
import static dev.signrelay.sign.SignFixture.PLAIN;
import static dev.signrelay.sign.SignFixture.WITH_CALLBACK;
import static dev.signrelay.testing.FakeServices.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.testing.FakeJobTable.Method;
import dev.signrelay.testing.FakeServices;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests with the same message, while signatures are reused. */
final class SignWorkflowReuseTest {

  private final SignFixture fixture = new SignFixture();
  private final FakeServices fakes =
      fixture.fakes.with("JOB_TABLE", "jobs").with("SIGNATURE_CACHE_SECONDS", "600");

  @ParameterizedTest
  @CsvSource({PLAIN + ", 0, 0", PLAIN + ", 12999, 12", WITH_CALLBACK + ", 1999, 1"})
  void aSignatureAnswersFurtherRequestsWithItsAge(String query, long millis, String age) {
    assertThat(answer(PLAIN)).isEqualTo("200 signed, signature");
    fakes.time.advance(Duration.ofMillis(millis));
    fakes.log.clear();

    assertThat(answer(query)).isEqualTo("200 signed, Age " + age + ", signature");
    assertThat(fixture.log()).isEqualTo("signature from cache, answer: Signed SignatureReused");
    assertThat(fakes.limiter.acquired()).isOne();
  }

  @Test
  void withoutTheSettingEachRequestIsACall() {
    fakes.with("SIGNATURE_CACHE_SECONDS", "0");

    answer(PLAIN);
    answer(PLAIN);

    assertThat(fakes.signed).hasSize(2);
    assertThat(fakes.jobTable.methods()).isEmpty();
  }

  @Test
  void aFailureIsNotReused() {
    fakes.upstream = _ -> failed("http-503");
    answer(PLAIN);
    fakes.upstream = Signed::new;

    assertThat(answer(PLAIN)).isEqualTo("200 signed, hello");
  }

  @Test
  void aRequestThatWaitsInVainForAnotherCallIsQueuedForAFewSeconds() {
    var _ =
        fakes
            .jobTable
            .direct()
            .leaseSignature("hello", "another", NOW.plusSeconds(20), Duration.ZERO);

    assertThat(answer(WITH_CALLBACK)).isEqualTo("200 queued, X-Sign-Expected-In 6");
    assertThat(fixture.effects()).isEqualTo("retry #1 in 6 s, record waiting");
    assertThat(fixture.log()).isEqualTo("call under way, requeue: Queued");
    // Not less than the time that is reserved for the queue.
    assertThat(fakes.sent.getFirst().timeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(fakes.time.instant()).isBefore(NOW.plusMillis(1_500));
    assertThat(answer(PLAIN)).isEqualTo("200 unsigned, Retry-After 5");
  }

  @Test
  void aTableThatIsDownPreventsNoSignature() {
    for (Method method :
        List.of(
            Method.READ_SIGNATURE,
            Method.LEASE_SIGNATURE,
            Method.STORE_SIGNATURE,
            Method.RELEASE_SIGNATURE)) {
      fakes.jobTable.refused.add(method);
      assertThat(answer(PLAIN)).isEqualTo("200 signed, signature");
    }
    assertThat(fakes.signed).hasSize(4);
  }

  private String answer(String query) {
    return SignFixture.text(fixture.answer(query));
  }
}
