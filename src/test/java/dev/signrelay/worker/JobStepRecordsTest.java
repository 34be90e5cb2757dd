package dev.signrelay.worker;

import static dev.signrelay.testing.FakeServices.failed;
import static dev.signrelay.testing.FakeServices.undelivered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.worker.StepResult.Done;
import dev.signrelay.worker.StepResult.Failed;
import dev.signrelay.worker.StepResult.NeedsRequeue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which steps are recorded, and what a table that does not answer changes. */
final class JobStepRecordsTest {

  private static final Instant NOW = FakeServices.START;
  private static final NeedsSignature JOB = job(URI.create("https://receiver.example/in"), null);
  private static final NeedsSignature FOR_RECORD = job(null, null);

  private final FakeServices fakes = new FakeServices().with("JOB_TABLE", "jobs");

  @Test
  void aCallIsRecordedBeforeItsJobIsRequeued() {
    fakes.upstream = _ -> failed("http-503");

    assertThat(run(JOB)).isInstanceOf(NeedsRequeue.class);

    assertRecorded(JobStatus.SIGNING, "http-503");
    assertThat(fakes.sent).isEmpty();
  }

  @Test
  void aSignatureIsRecordedBeforeItIsDelivered() {
    run(JOB);

    assertRecorded(JobStatus.DELIVERING, "signed");
    assertThat(fakes.jobTable.written.getFirst().signature()).isEqualTo("signature");
  }

  @Test
  void aDeliveryIsRecorded() {
    assertThat(run(JOB.signed("signature", NOW))).isEqualTo(new Done());

    assertRecorded(JobStatus.DELIVERED, "http-204");
  }

  @Test
  void aFailedDeliveryIsRecorded() {
    fakes.receiver = _ -> undelivered("http-500", null);

    run(JOB.signed("signature", NOW));

    assertRecorded(JobStatus.DELIVERING, "http-500");
  }

  @Test
  void aDeadLetterIsRecordedOnceItIsStored() {
    fakes.upstream = _ -> new Rejected("http-422");
    fakes.queueIsDown = true;
    run(JOB);
    assertThat(fakes.jobTable.written).isEmpty();

    fakes.queueIsDown = false;
    run(JOB);

    assertRecorded(JobStatus.FAILED, "http-422");
  }

  @Test
  void anExpiredJobIsRecorded() {
    fakes.time.advance(Duration.ofSeconds(1));

    run(job(JOB.acceptance().callbackUrl(), NOW));

    assertRecorded(JobStatus.EXPIRED, null);
  }

  @Test
  void aWaitIsNotRecorded() {
    fakes.limiter.wait = Duration.ofSeconds(30);
    run(JOB);
    fakes.limiter.isDown = true;
    run(JOB);

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.jobTable.timeouts()).isEmpty();
  }

  @Test
  void withoutATableNothingIsWrittenAndNothingLogged() {
    fakes.with("JOB_TABLE", "").jobTable.isDown = true;

    run(JOB);

    assertThat(fakes.jobTable.timeouts()).isEmpty();
    assertThat(fakes.log).isEmpty();
  }

  @Test
  void aJobWithACallbackUrlGoesOnWhileTheTableIsDown() {
    fakes.jobTable.isDown = true;

    assertRequeued(run(JOB), JOB.signed("signature", NOW), Duration.ZERO);
    assertThat(run(JOB.signed("signature", NOW))).isEqualTo(new Done());

    assertThat(fakes.delivered).hasSize(1);
    assertThat(fakes.log)
        .filteredOn(event -> event.name().equals("record not written"))
        .hasSize(2)
        .allSatisfy(
            event -> {
              assertThat(event.level()).isEqualTo(LogEvent.Level.WARN);
              assertThat(event.fields()).containsEntry("id", "job-7");
              assertThat(event.measurements()).containsEntry(Metric.RECORD_NOT_WRITTEN, 1);
            });
  }

  @Test
  void aJobWithoutACallbackUrlIsCompleteOnceItsRecordHasTheSignature() {
    assertThat(run(FOR_RECORD)).isEqualTo(new Done());

    assertRecorded(JobStatus.SIGNED, "signed");
    assertThat(fakes.jobTable.written.getFirst().signature()).isEqualTo("signature");
    assertThat(fakes.log)
        .extracting(event -> event.fields().get("decision"))
        .containsExactly("complete");
  }

  @Test
  void aSignatureThatTheRecordDidNotTakeIsKeptInTheCallbackQueueUntilItDoes() {
    fakes.jobTable.isDown = true;
    NeedsCallback signed = FOR_RECORD.signed("signature", NOW);
    assertRequeued(run(FOR_RECORD), signed, Duration.ZERO);
    assertRequeued(run(signed), signed.next(), Duration.ofSeconds(30));

    fakes.jobTable.isDown = false;
    assertThat(run(signed.next())).isEqualTo(new Done());

    assertThat(fakes.signed).containsExactly("hello");
    assertThat(fakes.jobTable.written)
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.status()).isEqualTo(JobStatus.SIGNED);
              assertThat(r.signature()).isEqualTo("signature");
              assertThat(r.deliveries()).isZero();
            });
  }

  /** After an outage of the table that lasts as long as deliveries are tried. */
  @Test
  void aSignatureThatTheRecordNeverTookIsADeadLetter() {
    fakes.jobTable.isDown = true;
    NeedsCallback last = new NeedsCallback(FOR_RECORD.acceptance(), "signature", 10, null);
    fakes.time.advance(Duration.ofDays(3));

    assertThat(run(last)).isEqualTo(new Done());

    assertThat(fakes.dead)
        .extracting(dead -> dead.reason().kind())
        .containsExactly(Kind.CALLBACK_EXHAUSTED);
  }

  /** After 27 s, three seconds are left for the queue. */
  @ParameterizedTest
  @CsvSource({"26_000, 1_000", "26_300, 700", "26_600, 500", "27_000, 500"})
  void aWriteTakesASecondAtMostAndAlwaysHasHalfOfOne(String call, String write) {
    fakes.upstream = _ -> fakes.after(millis(call), failed("timeout"));

    run(JOB);

    assertThat(fakes.jobTable.timeouts()).containsExactly(millis(write));
  }

  private static Duration millis(String text) {
    return Duration.ofMillis(Long.parseLong(text.replace("_", "")));
  }

  /** The record is all that its client sees. */
  @Test
  void aJobWithoutACallbackUrlDoesNotFailUnrecorded() {
    fakes.jobTable.isDown = true;
    fakes.upstream = _ -> new Rejected("http-422");

    assertThat(run(FOR_RECORD)).isEqualTo(new Failed());

    fakes.jobTable.isDown = false;
    assertThat(run(FOR_RECORD)).isEqualTo(new Done());
    assertRecorded(JobStatus.FAILED, "http-422");
  }

  private static NeedsSignature job(URI callbackUrl, Instant validUntil) {
    return NeedsSignature.first(new Acceptance("job-7", callbackUrl, NOW, validUntil, ""), "hello");
  }

  private StepResult run(Job job) {
    return new JobStep(fakes.services(), false, fakes.time.instant().plusSeconds(30))
        .run(job, timeout -> fakes.limiter.acquire(Duration.ZERO, timeout));
  }

  private void assertRecorded(JobStatus status, String outcome) {
    assertThat(fakes.jobTable.written)
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.status()).isEqualTo(status);
              assertThat(r.lastOutcome()).isEqualTo(outcome);
            });
    assertThat(fakes.jobTable.timeouts()).containsOnly(Duration.ofSeconds(1));
  }

  private static void assertRequeued(StepResult result, Job job, Duration delay) {
    assertThat(result)
        .isInstanceOfSatisfying(
            NeedsRequeue.class,
            requeue ->
                assertThat(requeue.decision())
                    .isEqualTo(new Requeue(job, JobQueue.CALLBACK, delay)));
  }
}
