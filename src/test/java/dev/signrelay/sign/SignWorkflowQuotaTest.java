package dev.signrelay.sign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeJobTable.Method;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Sent;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The quota of a client's jobs. */
final class SignWorkflowQuotaTest {

  private static final String KEY = "0123456789abcdef";

  private final SignFixture fixture = new SignFixture();
  private final FakeServices fakes =
      fixture
          .fakes
          .with("JOB_TABLE", "jobs")
          .with("CLIENT_API_KEYS", "shop:" + KEY)
          .with("CLIENT_JOBS_PER_HOUR", "10");

  @BeforeEach
  void waitInLine() {
    fixture.given("wait=120000 expected=180000");
  }

  @Test
  void aJobThatIsStoredTakesOneFromItsClientsQuota() {
    assertThat(answer()).isEqualTo("200 queued, X-Sign-Expected-In 180");

    assertThat(fakes.jobTable.timeouts(Method.TAKE_QUOTA)).containsExactly(Duration.ofMillis(400));
    assertThat(fakes.sent)
        .extracting(Sent::job)
        .extracting(job -> job.acceptance().client())
        .containsExactly("shop");
  }

  /** In line, after a call, without the limiter, or because the client sent its body slowly. */
  @ParameterizedTest
  @CsvSource({"nothing, 0", "wait=0 fails, 0", "wait=0 limiter-down, 0", "nothing, 3000"})
  void whateverTheReasonWhyAJobWaitsItsClientsQuotaHolds(String given, long ageMillis) {
    fixture.given(given + " CLIENT_JOBS_PER_HOUR=1");
    assertThat(answer(Duration.ofMillis(ageMillis))).startsWith("200 queued");

    assertThat(answer(Duration.ofMillis(ageMillis))).startsWith("429 unsigned");
    assertThat(fakes.sent).hasSize(1);
  }

  @Test
  void overTheQuotaTheJobIsNotStoredAndTheAnswerSaysWhenTheNextHourBegins() {
    fakes.time.advance(
        JobTable.untilNextHour(fakes.time.instant()).minus(Duration.ofMillis(41_500)));
    useUpQuota();

    assertThat(answer())
        .isEqualTo(
            "429 unsigned, Retry-After 42, This client has stored as many jobs as it may in an"
                + " hour. Retry later.");
    assertThat(fixture.effects()).isEqualTo("nothing");
    assertThat(fixture.log()).isEqualTo("rate limited, answer: Refused");
    assertThat(fakes.limiter.joined).isZero();
  }

  @Test
  void aRefusedRequestWithAnIdempotencyKeyCanBeRepeatedAtOnce() {
    String[] headers = {"x-api-key", KEY, "idempotency-key", "one"};
    useUpQuota();
    assertThat(fixture.answer(SignFixture.WITH_CALLBACK, headers).getStatusCode()).isEqualTo(429);

    fakes.limiter.wait = Duration.ZERO;
    assertThat(SignFixture.text(fixture.answer(SignFixture.WITH_CALLBACK, headers)))
        .isEqualTo("200 signed, signature");
  }

  @Test
  void aJobThatTheQueueDoesNotStoreIsGivenBack() {
    fakes.with("CLIENT_JOBS_PER_HOUR", "1");
    fakes.queueIsDown = true;

    assertThat(answer()).startsWith("503 ");
    fakes.queueIsDown = false;
    assertThat(answer()).startsWith("200 queued");
  }

  @Test
  void aRequestThatStoresNothingCostsNothing() {
    fixture.answer(SignFixture.PLAIN, "x-api-key", KEY);
    fixture.answer(SignFixture.WITH_CALLBACK + "&valid_for=1", "x-api-key", KEY);
    fakes.limiter.wait = Duration.ZERO;
    assertThat(answer()).isEqualTo("200 signed, signature");
    fakes.upstream = _ -> new Rejected("http-422");
    assertThat(answer()).isEqualTo("200 rejected");

    assertThat(fakes.jobTable.timeouts(Method.TAKE_QUOTA)).isEmpty();
    assertThat(fakes.sent).isEmpty();
  }

  @Test
  void withoutAQuotaNothingIsCounted() {
    fakes.with("CLIENT_JOBS_PER_HOUR", "0");

    assertThat(answer()).startsWith("200 queued");
    assertThat(fakes.jobTable.timeouts(Method.TAKE_QUOTA)).isEmpty();
  }

  @Test
  void ifTheTableFailsTheJobIsStoredAndTheFailureLogged() {
    fakes.jobTable.isDown = true;

    assertThat(answer()).startsWith("200 queued");
    assertThat(fakes.log).extracting(LogEvent::name).contains("quota not checked");
  }

  /** Its client may have caused that the table does not answer in time. */
  @Test
  void ifTheTableFailsALateRequestIsNotAccepted() {
    fakes.jobTable.isDown = true;

    assertThat(answer(Duration.ofSeconds(3))).startsWith("503 ");
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.jobTable.timeouts(Method.TAKE_QUOTA)).containsExactly(Duration.ofMillis(150));
  }

  private void useUpQuota() {
    fakes.with("CLIENT_JOBS_PER_HOUR", "1");
    assertThat(fakes.jobTable.direct().takeQuota("shop", fakes.time.instant(), Duration.ZERO))
        .isTrue();
  }

  private String answer() {
    return answer(Duration.ZERO);
  }

  private String answer(Duration age) {
    return SignFixture.text(
        fixture.answer(
            ApiEvents.request(
                SignFixture.WITH_CALLBACK,
                fakes.time.instant().minus(age),
                Map.of("x-api-key", KEY))));
  }
}
