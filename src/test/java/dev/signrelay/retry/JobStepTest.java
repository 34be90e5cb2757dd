package dev.signrelay.retry;

import static dev.signrelay.testing.FakeServices.failed;
import static dev.signrelay.testing.FakeServices.undelivered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.retry.StepResult.Done;
import dev.signrelay.retry.StepResult.Failed;
import dev.signrelay.retry.StepResult.NeedsRequeue;
import dev.signrelay.retry.StepResult.Stays;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Dead;
import dev.signrelay.testing.FakeServices.Delivery;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A step of each kind of job, with each outcome: what follows, what is recorded, who is told. */
final class JobStepTest {

  private static final Instant NOW = FakeServices.START;
  private static final Acceptance ACCEPTANCE =
      new Acceptance("job-7", URI.create("https://receiver.example/in"), NOW);
  private static final Acceptance OLD =
      new Acceptance("job-7", ACCEPTANCE.callbackUrl(), NOW.minus(Duration.ofDays(3)));
  private static final NeedsSignature JOB = new NeedsSignature(ACCEPTANCE, "hello", 2, null);
  private static final NeedsCallback SIGNED = JOB.signed("signature", NOW);
  private static final NeedsSignature FOR_RECORD =
      new NeedsSignature(new Acceptance("job-7", null, NOW, null, ""), "hello", 2, null);

  private final FakeServices fakes = new FakeServices();

  @Test
  void aSignatureIsStoredInTheCallbackQueueAndNotDeliveredInTheSameStep() {
    assertRequeued(run(JOB), SIGNED, JobQueue.CALLBACK, Duration.ZERO);

    assertThat(fakes.signed).containsExactly("hello");
    assertThat(fakes.delivered).isEmpty();
  }

  @Test
  void aJobWithASignatureIsDeliveredWithoutAGrantOrAnUpstreamCall() {
    fakes.limiter.isDown = true;

    assertThat(run(SIGNED)).isEqualTo(new Done());

    assertThat(fakes.delivered)
        .containsExactly(new Delivery(ACCEPTANCE.callbackUrl(), "job-7", "signature"));
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.log)
        .extracting(event -> event.fields().get("decision"))
        .containsExactly("complete");
  }

  @Test
  void aStepThatFailsIsRequeuedInTheQueueOfItsStage() {
    fakes.upstream = _ -> failed("http-503");
    fakes.receiver = _ -> undelivered("http-500", null);

    assertRequeued(run(JOB), JOB.next(), JobQueue.RETRY, Duration.ofSeconds(60));
    assertRequeued(run(SIGNED), SIGNED.next(), JobQueue.CALLBACK, Duration.ofSeconds(30));
  }

  /** With the kind of its dead letter, its outcome, and whether the receiver is notified of it. */
  static Stream<Arguments> failures() {
    return Stream.of(
        arguments(
            new NeedsSignature(ACCEPTANCE, "bad", 3, null),
            Kind.MESSAGE_REJECTED,
            "http-413",
            true),
        arguments(
            new NeedsSignature(OLD, "hello", 20, null), Kind.SIGNING_EXHAUSTED, "timeout", true),
        arguments(
            new NeedsCallback(ACCEPTANCE, "gone", 2, null), Kind.CALLBACK_GONE, "http-410", false),
        arguments(
            new NeedsCallback(ACCEPTANCE, "private", 1, null),
            Kind.CALLBACK_FORBIDDEN,
            "forbidden-url",
            false),
        arguments(
            new NeedsCallback(OLD, "refused", 10, null), Kind.CALLBACK_EXHAUSTED, "tls", true));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aJobThatCannotSucceedIsADeadLetterWithItsReasonAndNoAttempts(
      Job job, Kind kind, String outcome, boolean isNotified) {
    fail();
    var dead = new Dead(job.fresh(NOW), new DeadLetterReason(kind, outcome, job.attempt()));

    assertThat(run(job)).isEqualTo(new Done());
    assertThat(fakes.dead).containsExactly(dead);
    assertThat(fakes.delivered).allMatch(delivery -> delivery.signature() != null);

    fakes.delivered.clear();
    fakes.with("CALLBACK_ON_FAILURE", "true");
    assertThat(run(job)).isEqualTo(new Done());
    assertThat(fakes.dead).containsExactly(dead, dead);
    assertThat(fakes.delivered)
        .filteredOn(delivery -> delivery.signature() == null)
        .isEqualTo(
            isNotified
                ? List.of(new Delivery(ACCEPTANCE.callbackUrl(), "job-7", null, kind.code()))
                : List.of());
  }

  private void fail() {
    fakes.upstream = m -> m.equals("bad") ? new Rejected("http-413") : failed("timeout");
    fakes.receiver =
        delivery ->
            switch (String.valueOf(delivery.signature())) {
              case "gone" -> new Gone("http-410");
              case "private" -> new Forbidden("forbidden-url");
              default -> undelivered("tls", null);
            };
  }

  @Test
  void aDeadLetterThatTheQueueDidNotStoreFailsAndNobodyIsNotified() {
    fakes.with("CALLBACK_ON_FAILURE", "true").upstream = _ -> new Rejected("http-400");
    fakes.queueIsDown = true;

    assertThat(run(JOB)).isEqualTo(new Failed());
    assertThat(fakes.log).extracting(LogEvent::level).containsExactly(LogEvent.Level.ERROR);
    assertThat(fakes.delivered).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anExpiredJobIsADeadLetterWithoutAGrantACallOrADelivery(boolean isSigned) {
    var expired = new Acceptance("job-7", OLD.callbackUrl(), OLD.at(), NOW, "");
    Job job =
        isSigned
            ? new NeedsCallback(expired, "signature", 3, null)
            : new NeedsSignature(expired, "hello", 3, null);

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
  void aStepWithoutTimeForACallIsRequeuedAtOnceAndThatIsNoAttempt() {
    fakes.time.advance(Duration.ofMillis(26_751));

    assertRequeued(run(JOB, NOW), JOB, JobQueue.RETRY, Duration.ZERO);

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.limiter.timeouts).isEmpty();
  }

  @Test
  void aStepWithoutTimeIsNotBegun() {
    fakes.time.advance(Duration.ofSeconds(27));

    assertThat(run(JOB, NOW)).isEqualTo(new Failed());

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.log).extracting(LogEvent::name).containsExactly("out of time");
  }

  /** The bound of the line is for new requests: a job that was accepted is never refused. */
  static Stream<Consumer<FakeServices>> withoutACall() {
    return Stream.of(
        fakes -> {
          fakes.with("LINE_MAX_SECONDS", "1");
          fakes.limiter.wait = Duration.ofSeconds(46);
          fakes.limiter.expectedWait = Duration.ofDays(3);
        },
        fakes -> {
          fakes.limiter.wait = Duration.ofSeconds(46);
          fakes.limiter.lineIsKnown = false;
        },
        fakes -> fakes.limiter.isDown = true,
        fakes -> fakes.upstreamKeyIsKnown = false,
        fakes -> fakes.connectsInTime = false);
  }

  /** In line it keeps its place, and SQS counts its receives. */
  @ParameterizedTest
  @MethodSource("withoutACall")
  void aJobWithoutACallJoinsTheLineOrStaysThereAndThatIsNoAttempt(Consumer<FakeServices> given) {
    given.accept(fakes.with("JOB_TABLE", "jobs"));

    assertRequeued(run(JOB), JOB, JobQueue.LINE, Duration.ZERO);
    assertThat(runInLine()).isInstanceOf(Stays.class);
    assertThat(fakes.jobTable.timeouts()).as("a wait is not recorded").isEmpty();
  }

  @Test
  void aJobInLineIsTreatedLikeOthersAfterItsCallAndWaitsLongerForItsGrant() {
    assertThat(runInLine()).isEqualTo(run(JOB)).isInstanceOf(NeedsRequeue.class);
    fakes.upstream = _ -> failed("http-503");
    assertThat(runInLine()).isEqualTo(run(JOB)).isInstanceOf(NeedsRequeue.class);

    assertThat(fakes.limiter.timeouts.subList(0, 2))
        .containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(3));
  }

  @Test
  void aSignatureIsReusedAndTheCallOfAnotherJobIsWaitedForThreeSecondsAndThenInTheQueue() {
    fakes.with("JOB_TABLE", "jobs").with("SIGNATURE_CACHE_SECONDS", "600");
    run(JOB);
    assertRequeued(run(JOB), JOB.signedBefore("signature", NOW), JobQueue.CALLBACK, Duration.ZERO);
    assertThat(fakes.signed).containsExactly("hello");
    assertThat(fakes.limiter.acquired()).isOne();

    var other = new NeedsSignature(ACCEPTANCE, "other", 2, null);
    var _ =
        fakes
            .jobTable
            .direct()
            .leaseSignature("other", "another", NOW.plusSeconds(30), Duration.ZERO);
    assertRequeued(run(other), other, JobQueue.RETRY, Duration.ofSeconds(6));
    assertThat(fakes.time.instant()).isEqualTo(NOW.plusSeconds(3));
    assertThat(fakes.signed).hasSize(1);
  }

  static Stream<Arguments> recorded() {
    Acceptance past = new Acceptance("job-7", OLD.callbackUrl(), OLD.at(), NOW, "");
    return Stream.of(
        arguments(JOB, JobStatus.DELIVERING, "signed"),
        arguments(FOR_RECORD, JobStatus.SIGNED, "signed"),
        arguments(new NeedsSignature(ACCEPTANCE, "fails", 2, null), JobStatus.SIGNING, "http-503"),
        arguments(new NeedsSignature(ACCEPTANCE, "bad", 2, null), JobStatus.FAILED, "http-422"),
        arguments(new NeedsSignature(past, "hello", 2, null), JobStatus.EXPIRED, null),
        arguments(SIGNED, JobStatus.DELIVERED, "http-204"),
        arguments(
            new NeedsCallback(ACCEPTANCE, "refused", 1, null), JobStatus.DELIVERING, "http-500"));
  }

  /** The record of a job that is requeued is written first: a crash leaves no step out of it. */
  @ParameterizedTest
  @MethodSource("recorded")
  void aStepIsRecordedUnlessThereIsNoTable(Job job, JobStatus status, @Nullable String outcome) {
    fakes.upstream =
        m ->
            switch (m) {
              case "bad" -> new Rejected("http-422");
              case "fails" -> failed("http-503");
              default -> new Signed("signature");
            };
    fakes.receiver =
        delivery ->
            "refused".equals(delivery.signature())
                ? undelivered("http-500", null)
                : new Delivered("http-204");
    run(job);
    assertThat(fakes.jobTable.timeouts()).isEmpty();

    fakes.with("JOB_TABLE", "jobs");
    run(job);

    assertThat(fakes.sent).isEmpty();
    assertRecorded(status, outcome);
  }

  @Test
  void aDeadLetterIsRecordedOnceItIsStored() {
    fakes.with("JOB_TABLE", "jobs").upstream = _ -> new Rejected("http-422");
    fakes.queueIsDown = true;

    run(JOB);

    assertThat(fakes.jobTable.written).isEmpty();
  }

  @Test
  void aJobWithACallbackUrlGoesOnWhileTheTableIsDown() {
    fakes.with("JOB_TABLE", "jobs").jobTable.isDown = true;

    assertRequeued(run(JOB), SIGNED, JobQueue.CALLBACK, Duration.ZERO);
    assertThat(run(SIGNED)).isEqualTo(new Done());

    assertThat(fakes.delivered).hasSize(1);
    assertThat(fakes.log)
        .filteredOn(event -> event.name().equals("record not written"))
        .hasSize(2)
        .allSatisfy(
            event -> {
              assertThat(event.level()).isEqualTo(LogEvent.Level.WARN);
              assertThat(event.measurements()).containsEntry(Metric.RECORD_NOT_WRITTEN, 1);
            });
  }

  /** The record is all that its client sees. */
  @Test
  void aJobWithoutACallbackUrlIsOverOnceItsRecordSaysSo() {
    fakes.with("JOB_TABLE", "jobs").jobTable.isDown = true;
    NeedsCallback signed = FOR_RECORD.signed("signature", NOW);
    assertRequeued(run(FOR_RECORD), signed, JobQueue.CALLBACK, Duration.ZERO);
    assertRequeued(run(signed), signed.next(), JobQueue.CALLBACK, Duration.ofSeconds(30));
    fakes.upstream = _ -> new Rejected("http-422");
    assertThat(run(FOR_RECORD)).isEqualTo(new Failed());

    fakes.jobTable.isDown = false;
    assertThat(run(signed.next())).isEqualTo(new Done());

    assertThat(fakes.jobTable.written)
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.status()).isEqualTo(JobStatus.SIGNED);
              assertThat(r.signature()).isEqualTo("signature");
              assertThat(r.deliveries()).isZero();
            });
    assertThat(run(FOR_RECORD)).isEqualTo(new Done());
    assertThat(fakes.jobTable.written.getLast().status()).isEqualTo(JobStatus.FAILED);
  }

  /** After an outage of the table that lasts as long as deliveries are tried. */
  @Test
  void aSignatureThatTheRecordNeverTookIsADeadLetter() {
    fakes.with("JOB_TABLE", "jobs").jobTable.isDown = true;
    fakes.time.advance(Duration.ofDays(3));

    assertThat(run(new NeedsCallback(FOR_RECORD.acceptance(), "signature", 10, null)))
        .isEqualTo(new Done());

    assertThat(fakes.dead)
        .extracting(dead -> dead.reason().kind())
        .containsExactly(Kind.CALLBACK_EXHAUSTED);
  }

  /** After 27 s, three seconds are left for the queue. */
  @ParameterizedTest
  @CsvSource({"26000, 1000", "26300, 700", "26600, 500", "27000, 500"})
  void aWriteTakesASecondAtMostAndAlwaysHasHalfOfOne(long call, long write) {
    fakes.with("JOB_TABLE", "jobs").upstream =
        _ -> fakes.after(Duration.ofMillis(call), failed("timeout"));

    run(JOB);

    assertThat(fakes.jobTable.timeouts()).containsExactly(Duration.ofMillis(write));
  }

  private void assertRecorded(JobStatus status, @Nullable String outcome) {
    assertThat(fakes.jobTable.written)
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.status()).isEqualTo(status);
              assertThat(r.lastOutcome()).isEqualTo(outcome);
            });
    assertThat(fakes.jobTable.timeouts()).containsOnly(Duration.ofSeconds(1));
  }

  private StepResult run(Job job) {
    return run(job, fakes.time.instant());
  }

  private StepResult run(Job job, Instant begun) {
    return run(job, false, begun);
  }

  private StepResult runInLine() {
    return run(JOB, true, fakes.time.instant());
  }

  private StepResult run(Job job, boolean inLine, Instant begun) {
    return new JobStep(fakes.services(), inLine, begun.plusSeconds(30))
        .run(job, timeout -> fakes.limiter.acquire(Duration.ofMillis(250), timeout));
  }

  private static void assertRequeued(StepResult result, Job job, JobQueue queue, Duration delay) {
    assertThat(result)
        .isInstanceOfSatisfying(
            NeedsRequeue.class,
            requeue -> assertThat(requeue.decision()).isEqualTo(new Requeue(job, queue, delay)));
  }
}
