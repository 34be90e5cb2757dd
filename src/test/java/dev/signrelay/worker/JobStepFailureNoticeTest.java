package dev.signrelay.worker;

import static dev.signrelay.testing.FakeServices.failed;
import static dev.signrelay.testing.FakeServices.undelivered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Delivery;
import dev.signrelay.worker.StepResult.Done;
import dev.signrelay.worker.StepResult.Failed;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Failure notices to the receivers of dead-lettered jobs. */
final class JobStepFailureNoticeTest {

  private static final Acceptance ACCEPTANCE =
      new Acceptance(
          "job-7",
          URI.create("https://receiver.example/in"),
          FakeServices.START.minus(Duration.ofDays(3)));
  private static final NeedsSignature JOB = new NeedsSignature(ACCEPTANCE, "hello", 2, null);

  private final FakeServices fakes = new FakeServices().with("CALLBACK_ON_FAILURE", "true");

  @Test
  void aRejectedMessageCausesOneNotice() {
    fakes.upstream = _ -> new Rejected("http-422");

    assertThat(run(JOB)).isEqualTo(new Done());

    assertThat(fakes.dead).hasSize(1);
    assertThat(fakes.delivered).containsExactly(notice("message-rejected"));
    assertThat(fakes.log)
        .last()
        .isEqualTo(
            LogEvent.of(LogEvent.Level.INFO, "failure notice")
                .with("id", "job-7")
                .with("outcome", "http-204")
                .with("millis", 0L)
                .with("callbackHost", "receiver.example"));
  }

  @Test
  void exhaustedSigningAttemptsCauseOneNotice() {
    fakes.upstream = _ -> failed("http-503");

    assertThat(run(new NeedsSignature(ACCEPTANCE, "hello", 20, null))).isEqualTo(new Done());

    assertThat(fakes.delivered).containsExactly(notice("signing-exhausted"));
  }

  @Test
  void exhaustedDeliveriesCauseOneNoticeWhichIsNotRetried() {
    fakes.receiver = _ -> undelivered("http-500", null);

    assertThat(run(new NeedsCallback(ACCEPTANCE, "signature", 10, null))).isEqualTo(new Done());

    assertThat(fakes.delivered).hasSize(2).last().isEqualTo(notice("callback-exhausted"));
    assertThat(fakes.dead).hasSize(1);
  }

  @Test
  void anExpiredJobCausesOneNotice() {
    var acceptance =
        new Acceptance("job-7", ACCEPTANCE.callbackUrl(), ACCEPTANCE.at(), FakeServices.START, "");

    assertThat(run(new NeedsCallback(acceptance, "signature", 3, null))).isEqualTo(new Done());

    assertThat(fakes.delivered).containsExactly(notice("expired"));
  }

  @Test
  void aReceiverThatIsGoneOrForbiddenIsNotNotified() {
    for (DeliveryOutcome outcome : List.of(new Gone("http-410"), new Forbidden("forbidden-url"))) {
      fakes.receiver = _ -> outcome;
      assertThat(run(JOB.signed("signature", FakeServices.START))).isEqualTo(new Done());
    }

    assertThat(fakes.dead).hasSize(2);
    assertThat(fakes.delivered).hasSize(2).extracting(Delivery::reason).containsOnlyNulls();
  }

  @Test
  void noNoticeIsSentUnlessTheDeadLetterIsStored() {
    fakes.upstream = _ -> new Rejected("http-422");
    fakes.queueIsDown = true;

    assertThat(run(JOB)).isEqualTo(new Failed());
    assertThat(fakes.delivered).isEmpty();
  }

  @Test
  void noNoticeIsSentByDefault() {
    fakes.with("CALLBACK_ON_FAILURE", "").upstream = _ -> new Rejected("http-422");

    assertThat(run(JOB)).isEqualTo(new Done());
    assertThat(fakes.delivered).isEmpty();
  }

  private static Delivery notice(String reason) {
    return new Delivery(ACCEPTANCE.callbackUrl(), "job-7", null, reason);
  }

  private StepResult run(Job job) {
    return new JobStep(fakes.services(), false, FakeServices.START.plusSeconds(30))
        .run(job, timeout -> fakes.limiter.acquire(Duration.ZERO, timeout));
  }
}
