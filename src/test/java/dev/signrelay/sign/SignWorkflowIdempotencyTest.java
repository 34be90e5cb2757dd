package dev.signrelay.sign;

import static dev.signrelay.testing.FakeServices.failed;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.job.Job;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.request.IdempotencyKey;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with an {@code Idempotency-Key}. */
final class SignWorkflowIdempotencyTest {

  private static final String PLAIN = "message=hello";
  private static final String WITH_CALLBACK = PLAIN + "&callback_url=https://receiver.example/";
  private static final String KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324";
  private static final String ID = new IdempotencyKey(KEY).jobId("");
  private static final Instant NOW = FakeServices.START;
  private static final String NO_SIGNATURE = "{\"success\":true,\"data\":null}";

  private final FakeServices fakes = new FakeServices().with("JOB_TABLE", "jobs");

  @Test
  void aRepeatOfASignedRequestGetsTheSameSignatureWithoutACall() {
    APIGatewayV2HTTPResponse first = answer(PLAIN);
    APIGatewayV2HTTPResponse second = answer(PLAIN);

    assertThat(first.getBody()).isEqualTo("{\"success\":true,\"data\":\"signature\"}");
    assertThat(second).isEqualTo(first);
    assertThat(first.getHeaders()).containsEntry("X-Request-Id", ID);
    assertThat(fakes.signed).hasSize(1);
    assertThat(fakes.records.written)
        .singleElement()
        .returns(JobStatus.SIGNED, JobRecord::status)
        .returns("signature", JobRecord::signature);
  }

  @ParameterizedTest
  @CsvSource({"'', 200", "respond-async, 202"})
  void aRepeatOfAQueuedRequestGetsTheSameAnswerAndMakesNoSecondJob(String prefer, int status) {
    fakes.upstream = _ -> failed("http-503");
    Map<String, String> headers = Map.of("idempotency-key", KEY, "prefer", prefer);

    APIGatewayV2HTTPResponse first = answer(WITH_CALLBACK, headers);
    APIGatewayV2HTTPResponse second = answer(WITH_CALLBACK, headers);

    assertThat(first.getStatusCode()).isEqualTo(status);
    assertThat(second).isEqualTo(first);
    assertThat(fakes.sent).extracting(Sent::job).extracting(Job::id).containsExactly(ID);
    assertThat(fakes.signed).hasSize(1);
  }

  @Test
  void aRepeatGetsThePresentAnswerOfItsJob() {
    fakes.upstream = _ -> failed("http-503");
    answer(WITH_CALLBACK);

    assertRepeated(JobStatus.WAITING, null, null, "queued", NO_SIGNATURE);
    assertRepeated(JobStatus.SIGNING, null, null, "queued", NO_SIGNATURE);
    assertRepeated(JobStatus.FAILED, null, "signing-exhausted", "unsigned", NO_SIGNATURE);
    assertRepeated(JobStatus.FAILED, null, "message-rejected", "rejected", NO_SIGNATURE);
    assertRepeated(JobStatus.EXPIRED, null, "expired", "unsigned", NO_SIGNATURE);
    String signed = "{\"success\":true,\"data\":\"sig\"}";
    assertRepeated(JobStatus.DELIVERING, "sig", null, "signed", signed);
    assertRepeated(JobStatus.FAILED, "sig", "callback-exhausted", "signed", signed);
    assertRepeated(JobStatus.DELIVERED, "sig", null, "signed", signed);
    assertThat(fakes.sent).hasSize(1);
  }

  private void assertRepeated(
      JobStatus status,
      @Nullable String signature,
      @Nullable String reason,
      String signStatus,
      String body) {
    fakes.records.written.add(
        new JobRecord(
            ID,
            status,
            fakes.records.written.getLast().position() + 1,
            "",
            NOW,
            1,
            0,
            signature,
            null,
            null,
            reason));

    APIGatewayV2HTTPResponse response = answer(WITH_CALLBACK);

    assertThat(response.getStatusCode()).isEqualTo(200);
    assertThat(response.getBody()).isEqualTo(body);
    assertThat(response.getHeaders())
        .containsEntry("X-Sign-Status", signStatus)
        .containsEntry("X-Request-Id", ID)
        .doesNotContainKey("X-Sign-Expected-In");
  }

  @Test
  void anotherRequestWithTheKeyIsRefused() {
    answer(PLAIN);

    APIGatewayV2HTTPResponse other = answer("message=other");

    assertThat(other.getStatusCode()).isEqualTo(422);
    assertThat(other.getBody()).contains("Idempotency-Key was used for another request");
    assertThat(other.getHeaders())
        .containsEntry("X-Sign-Status", "rejected")
        .containsEntry("X-Request-Id", ID);
    assertThat(fakes.signed).containsExactly("hello");
  }

  @Test
  void whileTheFirstRequestIsAnsweredARepeatIsToldToWait() {
    var repeats = new ArrayList<APIGatewayV2HTTPResponse>();
    fakes.upstream = during(() -> repeats.add(answer(PLAIN)), new SigningOutcome.Signed("sig"));

    assertThat(answer(PLAIN).getStatusCode()).isEqualTo(200);

    assertThat(repeats)
        .singleElement()
        .satisfies(
            repeat -> {
              assertThat(repeat.getStatusCode()).isEqualTo(409);
              assertThat(repeat.getBody()).contains("is being answered. Retry later.");
              assertThat(repeat.getHeaders())
                  .containsEntry("Retry-After", "1")
                  .containsEntry("X-Sign-Status", "unsigned")
                  .containsEntry("X-Request-Id", ID);
            });
    assertThat(fakes.signed).hasSize(1);
  }

  @Test
  void afterAnAnswerWithoutAResultAndWithoutAJobARepeatIsANewRequest() {
    fakes.upstream = _ -> failed("http-503");
    assertSignStatus(answer(PLAIN), "unsigned");
    fakes.upstream = _ -> new Rejected("http-422");
    assertSignStatus(answer(PLAIN), "rejected");
    fakes.upstream = _ -> new SigningOutcome.Signed("sig");

    assertSignStatus(answer(PLAIN), "signed");
    assertThat(answer("message=other").getStatusCode()).isEqualTo(422);
    assertThat(fakes.signed).hasSize(3);
  }

  @Test
  void afterA503OfTheQueueARepeatIsANewRequestForTheSameJob() {
    fakes.upstream = _ -> failed("http-503");
    fakes.queueIsDown = true;
    assertThat(answer(WITH_CALLBACK).getStatusCode()).isEqualTo(503);
    fakes.queueIsDown = false;

    assertSignStatus(answer(WITH_CALLBACK), "queued");
    assertThat(fakes.sent).extracting(Sent::job).extracting(Job::id).containsExactly(ID);
  }

  @Test
  void afterA503OfAFullLineARepeatIsANewRequest() {
    fakes.with("LINE_MAX_SECONDS", "60").limiter.wait = Duration.ofSeconds(60);
    assertThat(answer(WITH_CALLBACK).getStatusCode()).isEqualTo(503);
    fakes.limiter.wait = Duration.ZERO;

    assertSignStatus(answer(WITH_CALLBACK), "signed");
  }

  /** A process that dies is like one that fails in a way that nobody foresaw. */
  @Test
  void ifTheFirstRequestHasNoEndARepeatTakesItsPlaceAfterTheLease() {
    fakes.upstream = during(() -> {}, null);
    APIGatewayV2HTTPResponse failed = answer(WITH_CALLBACK);
    fakes.upstream = _ -> new SigningOutcome.Signed("sig");

    assertThat(failed.getStatusCode()).isEqualTo(503);
    assertThat(failed.getHeaders()).containsEntry("X-Request-Id", ID);
    assertThat(answer(WITH_CALLBACK).getStatusCode()).isEqualTo(409);
    fakes.time.advance(Duration.ofMillis(9_999));
    assertThat(answer(WITH_CALLBACK).getStatusCode()).isEqualTo(409);
    fakes.time.advance(Duration.ofMillis(1));
    assertSignStatus(answer(WITH_CALLBACK), "signed");
  }

  /** The job is in the queue. Its next step records it. */
  @Test
  void aJobThatIsNotRecordedIsNotReleased() {
    fakes.upstream = during(() -> fakes.records.isDown = true, failed("http-503"));
    Map<String, String> headers = Map.of("idempotency-key", KEY, "prefer", "respond-async");
    assertThat(answer(PLAIN, headers).getStatusCode()).isEqualTo(503);
    fakes.records.isDown = false;

    assertThat(answer(PLAIN, headers).getStatusCode()).isEqualTo(409);
    assertThat(fakes.sent).hasSize(1);
  }

  @Test
  void aSignatureThatCannotBeRecordedIsReturnedAllTheSame() {
    fakes.upstream =
        during(() -> fakes.records.isDown = true, new SigningOutcome.Signed("signature"));

    assertSignStatus(answer(PLAIN), "signed");
  }

  @Test
  void aReservationThatCannotBeReleasedDoesNotChangeTheAnswer() {
    fakes.upstream = _ -> failed("http-503");
    fakes.reservations.refusesReleases = true;

    assertSignStatus(answer(PLAIN), "unsigned");
    assertThat(answer(PLAIN).getStatusCode()).isEqualTo(409);
  }

  @Test
  void withoutTheTableARequestWithAKeyIsNotAnswered() {
    fakes.reservations.isDown = true;

    APIGatewayV2HTTPResponse response = answer(WITH_CALLBACK);

    assertThat(response.getStatusCode()).isEqualTo(503);
    assertThat(response.getBody()).contains("Whether this is a repeat cannot be checked.");
    assertThat(response.getHeaders())
        .containsEntry("Retry-After", "5")
        .containsEntry("X-Request-Id", ID);
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.sent).isEmpty();
  }

  @Test
  void withoutRecordsAKeyIsRefused() {
    fakes.with("JOB_TABLE", "");

    APIGatewayV2HTTPResponse response = answer(PLAIN);

    assertThat(response.getStatusCode()).isEqualTo(400);
    assertThat(response.getBody()).contains("this deployment does not keep");
    assertThat(fakes.signed).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a,b", "two words"})
  void aKeyThatBreaksTheRuleIsRefused(String key) {
    APIGatewayV2HTTPResponse response = answer(PLAIN, Map.of("idempotency-key", key));

    assertThat(response.getStatusCode()).isEqualTo(400);
    assertThat(response.getBody()).contains(IdempotencyKey.RULE);
    assertThat(fakes.signed).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 400", "900, 400", "901, 399", "1050, 250", "1700, 250"})
  void theReservationHasAtMost400Milliseconds(long startMillis, long timeoutMillis) {
    var _ =
        new SignWorkflow(fakes.services())
            .handle(
                ApiEvents.request(
                    PLAIN, NOW.minusMillis(startMillis), Map.of("idempotency-key", KEY)),
                NOW);

    assertThat(fakes.reservations.timeouts).first().isEqualTo(Duration.ofMillis(timeoutMillis));
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

  private APIGatewayV2HTTPResponse answer(String query) {
    return answer(query, Map.of("idempotency-key", KEY));
  }

  private APIGatewayV2HTTPResponse answer(String query, Map<String, String> headers) {
    Instant now = fakes.time.instant();
    return new SignWorkflow(fakes.services()).handle(ApiEvents.request(query, now, headers), now);
  }

  private static void assertSignStatus(APIGatewayV2HTTPResponse response, String signStatus) {
    assertThat(response.getStatusCode()).isEqualTo(200);
    assertThat(response.getHeaders()).containsEntry("X-Sign-Status", signStatus);
  }
}
