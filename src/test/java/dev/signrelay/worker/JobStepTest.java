package dev.signrelay.worker;

import static dev.signrelay.testing.FakeServices.failed;
import static dev.signrelay.testing.FakeServices.undelivered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Dead;
import dev.signrelay.testing.FakeServices.Delivery;
import dev.signrelay.worker.StepResult.Done;
import dev.signrelay.worker.StepResult.Failed;
import dev.signrelay.worker.StepResult.NeedsRequeue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class JobStepTest {

  private static final Instant NOW = FakeServices.START;
  private static final Acceptance ACCEPTANCE =
      new Acceptance("job-7", URI.create("https://receiver.example/in"), NOW);
  private static final Acceptance OLD =
      new Acceptance("job-7", ACCEPTANCE.callbackUrl(), NOW.minus(Duration.ofDays(3)));
  private static final NeedsSignature JOB = new NeedsSignature(ACCEPTANCE, "hello", 2, null);

  private final FakeServices fakes = new FakeServices();

  @Test
  void aSignatureIsStoredInTheCallbackQueueAndNotDeliveredInTheSameStep() {
    assertRequeued(run(JOB), JOB.signed("signature", NOW), JobQueue.CALLBACK, Duration.ZERO);

    assertThat(fakes.signed).containsExactly("hello");
    assertThat(fakes.delivered).isEmpty();
  }

  @Test
  void aJobWithASignatureIsDelivered() {
    assertThat(run(JOB.signed("signature", NOW))).isEqualTo(new Done());

    assertThat(fakes.delivered)
        .containsExactly(new Delivery(ACCEPTANCE.callbackUrl(), "job-7", "signature"));
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.log)
        .extracting(event -> event.fields().get("decision"))
        .containsExactly("complete");
  }

  @Test
  void aFailedAttemptIsRequeuedAsTheNextWithALongerDelay() {
    fakes.upstream = _ -> failed("http-503");

    assertRequeued(run(JOB), JOB.next(), JobQueue.RETRY, Duration.ofSeconds(60));
  }

  @Test
  void aFailedDeliveryIsRequeuedWithTheSignature() {
    fakes.receiver = _ -> undelivered("http-500", null);

    assertRequeued(
        run(JOB.signed("signature", NOW)),
        JOB.signed("signature", NOW).next(),
        JobQueue.CALLBACK,
        Duration.ofSeconds(30));
  }

  @Test
  void aJobWithASignatureIsDeliveredWithoutAGrantOrAnUpstreamCall() {
    fakes.limiter.isDown = true;

    assertThat(run(JOB.signed("kept", NOW))).isEqualTo(new Done());

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.delivered).extracting(Delivery::signature).containsExactly("kept");
  }

  /** The receiver recognizes the second delivery by the id. */
  @Test
  void aMessageThatIsReceivedTwiceIsDeliveredTwiceUnderOneId() {
    assertThat(run(JOB.signed("signature", NOW))).isEqualTo(new Done());
    assertThat(run(JOB.signed("signature", NOW))).isEqualTo(new Done());

    assertThat(fakes.delivered).extracting(Delivery::id).containsExactly("job-7", "job-7");
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(
            new NeedsSignature(ACCEPTANCE, "bad", 3, null), Kind.MESSAGE_REJECTED, "http-413"),
        Arguments.of(new NeedsSignature(OLD, "hello", 20, null), Kind.SIGNING_EXHAUSTED, "timeout"),
        Arguments.of(
            new NeedsCallback(ACCEPTANCE, "gone", 2, null), Kind.CALLBACK_GONE, "http-410"),
        Arguments.of(
            new NeedsCallback(ACCEPTANCE, "private", 1, null),
            Kind.CALLBACK_FORBIDDEN,
            "forbidden-url"),
        Arguments.of(new NeedsCallback(OLD, "refused", 10, null), Kind.CALLBACK_EXHAUSTED, "tls"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aJobThatCannotSucceedIsADeadLetterWithItsReasonAndNoAttempts(
      Job job, Kind kind, String outcome) {
    fakes.upstream = m -> m.equals("bad") ? new Rejected("http-413") : failed("timeout");
    fakes.receiver = JobStepTest::receive;

    assertThat(run(job)).isEqualTo(new Done());

    assertThat(fakes.dead)
        .containsExactly(
            new Dead(job.fresh(NOW), new DeadLetterReason(kind, outcome, job.attempt())));
  }

  private static DeliveryOutcome receive(Delivery delivery) {
    return switch (delivery.signature()) {
      case "gone" -> new Gone("http-410");
      case "private" -> new Forbidden("forbidden-url");
      default -> undelivered("tls", null);
    };
  }

  @Test
  void aDeadLetterThatTheQueueDidNotStoreFails() {
    fakes.upstream = _ -> new Rejected("http-400");
    fakes.queueIsDown = true;

    assertThat(run(JOB)).isEqualTo(new Failed());
    assertThat(fakes.log).extracting(LogEvent::level).containsExactly(LogEvent.Level.ERROR);
  }

  @Test
  void aStepWithoutTimeForACallIsRequeuedAtOnceAndThatIsNoAttempt() {
    fakes.time.advance(Duration.ofMillis(26_751));

    assertRequeued(run(JOB), JOB, JobQueue.RETRY, Duration.ZERO);

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.limiter.timeouts).isEmpty();
  }

  static Stream<Job> expiredJobs() {
    var expired = new Acceptance("job-7", OLD.callbackUrl(), OLD.at(), NOW, "");
    return Stream.of(
        new NeedsSignature(expired, "hello", 3, null),
        new NeedsCallback(expired, "signature", 3, null));
  }

  @ParameterizedTest
  @MethodSource("expiredJobs")
  void anExpiredJobIsADeadLetterWithoutAGrantACallOrADelivery(Job job) {
    assertThat(run(job)).isEqualTo(new Done());

    assertThat(fakes.dead)
        .containsExactly(
            new Dead(job.fresh(NOW), new DeadLetterReason(Kind.EXPIRED, "expired", 2)));
    assertThat(fakes.limiter.timeouts).isEmpty();
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.delivered).isEmpty();
    assertThat(fakes.log)
        .containsExactly(
            LogEvent.of(LogEvent.Level.WARN, "expired")
                .with("id", "job-7")
                .with("attempt", 3)
                .with("decision", "dead-letter")
                .with("reason", "expired")
                .counted(Metric.DEAD_LETTER_EXPIRED));
  }

  @Test
  void aCallEndsWhenTheJobExpires() {
    var wanted = new Acceptance("job-7", OLD.callbackUrl(), OLD.at(), NOW.plusSeconds(3), "");

    run(NeedsSignature.first(wanted, "hello"));

    assertThat(fakes.upstreamTimeouts).containsExactly(Duration.ofSeconds(3));
  }

  @Test
  void aStepWithoutTimeIsNotBegun() {
    fakes.time.advance(Duration.ofSeconds(27));

    assertThat(run(JOB)).isEqualTo(new Failed());

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.log).extracting(LogEvent::name).containsExactly("out of time");
  }

  private StepResult run(Job job) {
    return new JobStep(fakes.services(), false, NOW.plusSeconds(30))
        .run(job, timeout -> fakes.limiter.acquire(Duration.ofMillis(250), timeout));
  }

  private static void assertRequeued(StepResult result, Job job, JobQueue queue, Duration delay) {
    assertThat(result)
        .isInstanceOfSatisfying(
            NeedsRequeue.class,
            requeue -> assertThat(requeue.decision()).isEqualTo(new Requeue(job, queue, delay)));
  }
}
