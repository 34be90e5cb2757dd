package dev.signrelay.sign;

import static dev.signrelay.sign.SignFixture.NOW;
import static dev.signrelay.sign.SignFixture.PLAIN;
import static dev.signrelay.sign.SignFixture.WITH_CALLBACK;
import static dev.signrelay.testing.FakeServices.failed;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.job.Job;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.request.IdempotencyKey;
import dev.signrelay.testing.FakeJobTable.Method;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Sent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IdempotentRequestsTest {

  private static final String KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324";
  private static final String ID = new IdempotencyKey(KEY).jobId("");
  private static final String SIGNED = "200 signed, signature";
  private static final String NEW = "200 unsigned, Retry-After 5";
  private static final String IN_PROGRESS =
      "409 unsigned, Retry-After 1, A request with this Idempotency-Key is being answered. Retry"
          + " later.";

  private final SignFixture fixture = new SignFixture();
  private final FakeServices fakes = fixture.fakes.with("JOB_TABLE", "jobs");

  @Test
  void aRepeatOfASignedRequestGetsTheSameSignatureWithoutACall() {
    APIGatewayV2HTTPResponse first = fixture.answer(PLAIN, "idempotency-key", KEY);
    APIGatewayV2HTTPResponse second = fixture.answer(PLAIN, "idempotency-key", KEY);

    assertThat(SignFixture.text(first)).isEqualTo(SIGNED);
    assertThat(second).isEqualTo(first);
    assertThat(first.getHeaders()).containsEntry("X-Request-Id", ID);
    assertThat(fixture.effects()).isEqualTo("called, record signed");
    assertThat(fakes.jobTable.timeouts(Method.RESERVE)).first().isEqualTo(Duration.ofMillis(400));
  }

  @ParameterizedTest
  @CsvSource({"'', 200", "respond-async, 202"})
  void aRepeatOfAQueuedRequestGetsTheSameAnswerAndMakesNoSecondJob(String prefer, int status) {
    fakes.upstream = _ -> failed("http-503");
    String[] headers = {"idempotency-key", KEY, "prefer", prefer};

    APIGatewayV2HTTPResponse first = fixture.answer(WITH_CALLBACK, headers);
    APIGatewayV2HTTPResponse second = fixture.answer(WITH_CALLBACK, headers);

    assertThat(first.getStatusCode()).isEqualTo(status);
    assertThat(second).isEqualTo(first);
    assertThat(fakes.sent).extracting(Sent::job).extracting(Job::id).containsExactly(ID);
    assertThat(fakes.signed).hasSize(1);
  }

  /** The answer is that of the job's record, whose next attempt is in so many milliseconds. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "WAITING | | | | 200 queued | Queued",
        "WAITING | 30001 | | | 200 queued, X-Sign-Expected-In 31 | Queued",
        "SIGNING | -5000 | | | 200 queued, X-Sign-Expected-In 0 | Queued",
        "FAILED | | | signing-exhausted | 200 unsigned | Unsigned",
        "FAILED | | | message-rejected | 200 rejected | Rejected",
        "EXPIRED | | | expired | 200 unsigned | Unsigned",
        "DELIVERING | 30001 | sig | | 200 signed, sig | Signed",
        "FAILED | | sig | callback-exhausted | 200 signed, sig | Signed",
        "DELIVERED | | sig | | 200 signed, sig | Signed",
      })
  void aRepeatGetsThePresentAnswerOfItsJob(
      JobStatus status,
      @Nullable Long nextInMillis,
      @Nullable String signature,
      @Nullable String reason,
      String expected,
      String metric) {
    fakes.upstream = _ -> failed("http-503");
    answer(WITH_CALLBACK);
    fakes.log.clear();
    fakes.jobTable.store(
        new JobRecord(
            ID,
            status,
            fakes.jobTable.written.getLast().position() + 1,
            "",
            NOW,
            1,
            0,
            signature,
            null,
            nextInMillis == null ? null : NOW.plusMillis(nextInMillis),
            reason));

    assertThat(answer(WITH_CALLBACK)).isEqualTo(expected);
    assertThat(fakes.sent).hasSize(1);
    assertThat(fixture.log()).isEqualTo("request repeated: " + metric);
    assertThat(fakes.log.getLast().fields())
        .containsEntry("id", ID)
        .containsEntry("jobStatus", status.code());
  }

  @Test
  void anotherRequestWithTheKeyIsRefused() {
    answer(PLAIN);

    assertThat(answer("message=other"))
        .isEqualTo("422 rejected, Idempotency-Key was used for another request");
    assertThat(fakes.signed).containsExactly("hello");
  }

  @Test
  void whileTheFirstRequestIsAnsweredARepeatIsToldToWait() {
    var repeats = new ArrayList<String>();
    fakes.upstream = during(() -> repeats.add(answer(PLAIN)), new Signed("signature"));

    assertThat(answer(PLAIN)).isEqualTo(SIGNED);

    assertThat(repeats).containsExactly(IN_PROGRESS);
    assertThat(fakes.signed).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "fails, " + PLAIN + ", 200 unsigned",
    "rejects, " + PLAIN + ", 200 rejected",
    "fails queue-down, " + WITH_CALLBACK + ", 503 unsigned",
    "wait=60000 LINE_MAX_SECONDS=60, " + WITH_CALLBACK + ", 503 unsigned",
    "wait=60000, " + WITH_CALLBACK + "&valid_for=5, 200 unsigned",
  })
  void afterAnAnswerWithoutAResultAndWithoutAJobARepeatIsANewRequest(
      String given, String query, String answer) {
    fixture.given(given);
    assertThat(answer(query)).startsWith(answer);
    fakes.upstream = _ -> new Signed("signature");
    fakes.queueIsDown = false;
    fakes.limiter.wait = Duration.ZERO;

    assertThat(answer(query)).isEqualTo(SIGNED);
    assertThat(answer("message=other")).startsWith("422 ");
  }

  /** A process that dies is like one that fails in a way that nobody foresaw. */
  @Test
  void ifTheFirstRequestHasNoEndARepeatTakesItsPlaceAfterTheLease() {
    fakes.upstream = during(() -> {}, null);
    APIGatewayV2HTTPResponse failed = fixture.answer(WITH_CALLBACK, "idempotency-key", KEY);
    fakes.upstream = _ -> new Signed("signature");

    assertThat(failed.getStatusCode()).isEqualTo(503);
    assertThat(failed.getHeaders()).containsEntry("X-Request-Id", ID);
    assertThat(answer(WITH_CALLBACK)).isEqualTo(IN_PROGRESS);
    fakes.time.advance(Duration.ofMillis(9_999));
    assertThat(answer(WITH_CALLBACK)).isEqualTo(IN_PROGRESS);
    fakes.time.advance(Duration.ofMillis(1));
    assertThat(answer(WITH_CALLBACK)).isEqualTo(SIGNED);
  }

  /** The job is in the queue. Its next step records it. */
  @Test
  void aJobThatIsNotRecordedIsNotReleased() {
    fakes.upstream = during(() -> fakes.jobTable.isDown = true, failed("http-503"));
    String[] headers = {"idempotency-key", KEY, "prefer", "respond-async"};
    assertThat(fixture.answer(PLAIN, headers).getStatusCode()).isEqualTo(503);
    fakes.jobTable.isDown = false;

    assertThat(SignFixture.text(fixture.answer(PLAIN, headers))).isEqualTo(IN_PROGRESS);
    assertThat(fakes.sent).hasSize(1);
  }

  @Test
  void aSignatureThatCannotBeRecordedIsReturnedAllTheSame() {
    fakes.upstream = during(() -> fakes.jobTable.isDown = true, new Signed("signature"));

    assertThat(answer(PLAIN)).isEqualTo(SIGNED);
  }

  @Test
  void aReservationThatCannotBeReleasedDoesNotChangeTheAnswer() {
    fakes.upstream = _ -> failed("http-503");
    fakes.jobTable.refused.add(Method.RELEASE);

    assertThat(answer(PLAIN)).isEqualTo(NEW);
    assertThat(answer(PLAIN)).isEqualTo(IN_PROGRESS);
  }

  @Test
  void withoutTheTableARequestWithAKeyIsNotAnswered() {
    fakes.jobTable.isDown = true;

    assertThat(answer(WITH_CALLBACK))
        .isEqualTo(
            "503 unsigned, Retry-After 5, Whether this is a repeat cannot be checked. Retry later.");
    assertThat(fixture.effects()).isEqualTo("nothing");
    assertThat(fixture.log()).isEqualTo("ERROR records unavailable: Unavailable RecordNotWritten");
    assertThat(fakes.log.getLast().fields()).containsEntry("id", ID);
  }

  /** Runs a task during a call. Null: the call fails in a way that nobody foresaw. */
  private static Function<String, SigningOutcome> during(
      Runnable task, @Nullable SigningOutcome outcome) {
    return _ -> {
      task.run();
      if (outcome == null) {
        throw new IllegalStateException("unexpected");
      }
      return outcome;
    };
  }

  private String answer(String query) {
    return SignFixture.text(fixture.answer(query, "idempotency-key", KEY));
  }
}
