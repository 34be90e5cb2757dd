package dev.signrelay.sign;

import static dev.signrelay.testing.FakeServices.failed;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.telemetry.LogEvent;
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

/** The record of a job that SignFunction stores. */
final class SignWorkflowRecordTest {

  private static final Instant NOW = FakeServices.START;
  private static final String PLAIN = "message=hello";
  private static final String WITH_CALLBACK = PLAIN + "&callback_url=https://receiver.example/";

  private final FakeServices fakes = new FakeServices().with("JOB_TABLE", "jobs");

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, WITH_CALLBACK})
  void aRequestThatIsSignedAtOnceHasNoRecord(String query) {
    answer(query);

    assertThat(fakes.records.timeouts).isEmpty();
  }

  @Test
  void aRequestWithoutAJobHasNoRecord() {
    fakes.upstream = _ -> failed("http-503");

    answer(PLAIN);

    assertThat(fakes.records.timeouts).isEmpty();
  }

  @Test
  void aQueuedJobIsRecordedWithItsCall() {
    fakes.with("CLIENT_API_KEYS", "client-key-0123456789").upstream = _ -> failed("http-503");

    assertThat(answer(WITH_CALLBACK).getHeaders()).containsEntry("X-Sign-Status", "queued");

    JobRecord stored = onlyRecord();
    assertThat(stored.id()).isEqualTo(FakeServices.id(1));
    assertThat(stored.status()).isEqualTo(JobStatus.SIGNING);
    assertThat(stored.attempts()).isEqualTo(1);
    assertThat(stored.nextAttemptAt()).isEqualTo(NOW.plusSeconds(30));
    assertThat(stored.client()).matches("key-[0-9a-f]{16}");
    assertThat(fakes.sent)
        .extracting(sent -> sent.job().acceptance().client())
        .containsExactly(stored.client());
  }

  @Test
  void aJobThatWaitsInLineIsRecordedWithItsExpectedTime() {
    fakes.limiter.wait = Duration.ofSeconds(60);

    answer(WITH_CALLBACK);

    JobRecord stored = onlyRecord();
    assertThat(stored.status()).isEqualTo(JobStatus.WAITING);
    assertThat(stored.attempts()).isZero();
    assertThat(stored.nextAttemptAt()).isAfter(NOW);
  }

  @Test
  void aDeadLetterIsRecordedWithItsReason() {
    fakes.upstream = _ -> new Rejected("http-422");

    answer(WITH_CALLBACK);

    assertThat(onlyRecord().status()).isEqualTo(JobStatus.FAILED);
    assertThat(onlyRecord().reason()).isEqualTo("message-rejected");
  }

  @Test
  void aJobThatTheQueueDidNotStoreHasNoRecord() {
    fakes.upstream = _ -> failed("http-503");
    fakes.queueIsDown = true;

    assertThat(answer(WITH_CALLBACK).getStatusCode()).isEqualTo(503);

    assertThat(fakes.records.timeouts).isEmpty();
  }

  @Test
  void whileTheTableIsDownAJobWithACallbackUrlIsQueuedAsAlways() {
    fakes.upstream = _ -> failed("http-503");
    fakes.records.isDown = true;

    APIGatewayV2HTTPResponse response = answer(WITH_CALLBACK);

    assertThat(response.getStatusCode()).isEqualTo(200);
    assertThat(response.getHeaders()).containsEntry("X-Sign-Status", "queued");
    assertThat(fakes.sent).extracting(Sent::job).hasSize(1);
    assertThat(fakes.log)
        .extracting(LogEvent::name)
        .containsExactly("record not written", "signing attempt");
  }

  /** The job is sent before its record is written, so it takes the queue's time first. */
  @ParameterizedTest
  @CsvSource({"0, 1850", "1450, 400", "1699, 151", "1800, 150"})
  void aWriteHasTheTimeThatIsLeft(long upstreamMillis, long timeoutMillis) {
    fakes.upstream = _ -> fakes.after(Duration.ofMillis(upstreamMillis), failed("timeout"));

    answer(WITH_CALLBACK);

    assertThat(fakes.records.timeouts).containsExactly(Duration.ofMillis(timeoutMillis));
  }

  private JobRecord onlyRecord() {
    assertThat(fakes.records.written).hasSize(1);
    return fakes.records.written.getFirst();
  }

  private APIGatewayV2HTTPResponse answer(String query) {
    return new SignWorkflow(fakes.services())
        .handle(ApiEvents.request(query, NOW, Map.of("x-api-key", "client-key-0123456789")), NOW);
  }
}
