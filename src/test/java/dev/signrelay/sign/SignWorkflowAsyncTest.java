package dev.signrelay.sign;

import static dev.signrelay.testing.FakeServices.failed;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.job.Job;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with {@code Prefer: respond-async}. */
final class SignWorkflowAsyncTest {

  private static final String PLAIN = "message=hello&valid_for=60";
  private static final String WITH_CALLBACK = PLAIN + "&callback_url=https://receiver.example/";
  private static final Instant NOW = FakeServices.START;

  private final FakeServices fakes = new FakeServices().with("JOB_TABLE", "jobs");

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, WITH_CALLBACK})
  void aJobIsAcceptedWithTheLocationOfItsRecord(String query) {
    fakes.upstream = _ -> failed("http-503");

    APIGatewayV2HTTPResponse response = answer(query);

    assertThat(response.getStatusCode()).isEqualTo(202);
    assertThat(response.getBody()).isEqualTo("{\"success\":true,\"data\":null}");
    assertThat(response.getHeaders())
        .containsEntry("X-Sign-Status", "queued")
        .containsEntry("X-Sign-Expected-In", "30")
        .containsEntry("X-Request-Id", FakeServices.id(1))
        .containsEntry("Location", "/crypto/jobs/" + FakeServices.id(1))
        .containsEntry("Preference-Applied", "respond-async");
    assertThat(fakes.records.written)
        .singleElement()
        .returns(FakeServices.id(1), JobRecord::id)
        .returns(JobStatus.SIGNING, JobRecord::status);
  }

  @Test
  void aJobWithoutACallbackUrlIsStoredUntilItExpires() {
    fakes.upstream = _ -> failed("http-503");

    answer(PLAIN);

    assertThat(fakes.sent)
        .singleElement()
        .extracting(Sent::job)
        .extracting(Job::acceptance)
        .isEqualTo(new Job.Acceptance(FakeServices.id(1), null, NOW, NOW.plusSeconds(60), ""));
  }

  @Test
  void aSignatureIsReturnedAtOnceAndNothingIsStored() {
    APIGatewayV2HTTPResponse response = answer(PLAIN);

    assertThat(response.getStatusCode()).isEqualTo(200);
    assertThat(response.getBody()).isEqualTo("{\"success\":true,\"data\":\"signature\"}");
    assertThat(response.getHeaders()).doesNotContainKeys("Location", "Preference-Applied");
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.records.written).isEmpty();
  }

  @Test
  void aRejectedMessageIsADeadLetterWithARecord() {
    fakes.upstream = _ -> new Rejected("http-422");

    APIGatewayV2HTTPResponse response = answer(PLAIN);

    assertThat(response.getStatusCode()).isEqualTo(200);
    assertThat(response.getHeaders())
        .containsEntry("X-Sign-Status", "rejected")
        .doesNotContainKeys("Location", "Preference-Applied");
    assertThat(fakes.dead).hasSize(1);
    assertThat(fakes.records.written)
        .singleElement()
        .returns(JobStatus.FAILED, JobRecord::status)
        .returns("message-rejected", JobRecord::reason);
  }

  @Test
  void aJobWhoseResultCannotBeReadIsNotPromised() {
    fakes.upstream = _ -> failed("http-503");
    fakes.records.isDown = true;

    APIGatewayV2HTTPResponse response = answer(PLAIN);

    assertThat(response.getStatusCode()).isEqualTo(503);
    assertThat(response.getBody()).contains("The job could not be recorded. Retry later.");
    assertThat(response.getHeaders())
        .containsEntry("Retry-After", "5")
        .doesNotContainKeys("Location", "Preference-Applied");
  }

  /** It is delivered. Its location would answer 404. */
  @Test
  void aJobWithACallbackUrlIsQueuedEvenIfItIsNotRecorded() {
    fakes.upstream = _ -> failed("http-503");
    fakes.records.isDown = true;

    APIGatewayV2HTTPResponse response = answer(WITH_CALLBACK);

    assertThat(response.getStatusCode()).isEqualTo(200);
    assertThat(response.getHeaders())
        .containsEntry("X-Sign-Status", "queued")
        .doesNotContainKeys("Location", "Preference-Applied");
    assertThat(fakes.sent).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({PLAIN + ", unsigned, 0", WITH_CALLBACK + ", queued, 1"})
  void withoutRecordsThePreferenceIsIgnored(String query, String signStatus, int stored) {
    fakes.with("JOB_TABLE", "").upstream = _ -> failed("http-503");

    APIGatewayV2HTTPResponse response = answer(query);

    assertThat(response.getStatusCode()).isEqualTo(200);
    assertThat(response.getHeaders())
        .containsEntry("X-Sign-Status", signStatus)
        .doesNotContainKeys("Location", "Preference-Applied");
    assertThat(fakes.sent).hasSize(stored);
  }

  @Test
  void aJobThatTheQueueDidNotStoreIsNotAcceptedAndHasNoRecord() {
    fakes.upstream = _ -> failed("http-503");
    fakes.queueIsDown = true;

    assertThat(answer(PLAIN).getStatusCode()).isEqualTo(503);
    assertThat(fakes.records.written).isEmpty();
  }

  @Test
  void aJobThatWouldWaitTooLongIsNotAccepted() {
    fakes.with("LINE_MAX_SECONDS", "60").limiter.wait = Duration.ofSeconds(60);

    assertThat(answer(PLAIN).getStatusCode()).isEqualTo(503);
    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.records.written).isEmpty();
  }

  /** The queue has 400 ms and the record 150 ms after the slowest call. */
  @Test
  void aRecordedJobHasTheTimeOfTheBudget() {
    fakes.upstream = _ -> fakes.after(Duration.ofMillis(1_300), failed("timeout"));

    assertThat(answer(PLAIN).getStatusCode()).isEqualTo(202);

    assertThat(fakes.upstreamTimeouts).containsExactly(Duration.ofMillis(1_300));
    assertThat(fakes.sent).extracting(Sent::timeout).containsExactly(Duration.ofMillis(400));
    assertThat(fakes.records.timeouts).containsExactly(Duration.ofMillis(550));
  }

  private APIGatewayV2HTTPResponse answer(String query) {
    return new SignWorkflow(fakes.services())
        .handle(ApiEvents.request(query, NOW, Map.of("prefer", "respond-async")), NOW);
  }
}
