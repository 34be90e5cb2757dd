package dev.signrelay.retry;

import static dev.signrelay.testing.FakeServices.failed;
import static dev.signrelay.testing.FakeServices.undelivered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.signrelay.attempt.JobSigner.CallSource;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.ReceivedMessage;
import dev.signrelay.retry.JobStep.Result;
import dev.signrelay.retry.JobStep.Result.Done;
import dev.signrelay.retry.JobStep.Result.Failed;
import dev.signrelay.retry.JobStep.Result.NeedsRequeue;
import dev.signrelay.retry.JobStep.Result.Released;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Dead;
import dev.signrelay.testing.FakeServices.DeadMessage;
import dev.signrelay.testing.FakeServices.Delivery;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A step of each kind of job, with each outcome: what follows, what is recorded, who is told. */
final class JobStepTest {

  private static final Instant NOW = FakeServices.START;
  private static final Acceptance ACCEPTANCE =
      new Acceptance("job-7", URI.create("https://receiver.example/in"), NOW);
  private static final Acceptance OLD =
      new Acceptance("job-7", ACCEPTANCE.callbackUrl(), NOW.minus(Duration.ofDays(3)));
  private static final NeedsSignature JOB =
      new NeedsSignature(ACCEPTANCE, "hello", 2, null, ACCEPTANCE.at());
  private static final NeedsCallback SIGNED = JOB.signed("signature", NOW);
  private static final NeedsSignature EXPIRED =
      new NeedsSignature(
          new Acceptance("job-7", OLD.callbackUrl(), OLD.at(), NOW, ""),
          "hello",
          3,
          null,
          OLD.at());
  private static final NeedsSignature FOR_RECORD =
      new NeedsSignature(new Acceptance("job-7", null, NOW, null, ""), "hello", 2, null, NOW);

  private final FakeServices fakes = new FakeServices();

  @Test
  void aSignatureIsStoredInTheCallbackQueueAndNotDeliveredInTheSameStep() {
    assertRequeued(run(JOB), SIGNED, JobQueue.CALLBACK, Duration.ZERO);

    assertThat(fakes.signed).containsExactly("hello");
    assertThat(fakes.delivered).isEmpty();
  }

  /** A redrive puts it there. Its receiver may hang, and upstream calls must not wait for it. */
  @ParameterizedTest
  @EnumSource(names = {"RETRY", "LINE"})
  void aJobWhoseReceiverIsCalledNextGoesToTheCallbackQueueFirst(JobQueue source) {
    fakes.with("CALLBACK_ON_FAILURE", "true");

    for (Job job : List.of(SIGNED, EXPIRED)) {
      assertRequeued(run(job, source, NOW), job, JobQueue.CALLBACK, Duration.ZERO);
    }
    assertThat(fakes.delivered).isEmpty();
    assertThat(fakes.dead).isEmpty();
  }

  @Test
  void aJobThatIsNotDueIsRequeuedWithoutAnAttempt() {
    Job late = JOB.withNotBefore(NOW.plusSeconds(1_000));

    assertRequeued(
        run(JOB.withNotBefore(NOW.plusSeconds(60))), JOB, JobQueue.RETRY, Duration.ofSeconds(60));
    assertRequeued(run(late), late, JobQueue.RETRY, Duration.ofSeconds(900));

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.limiter.timeouts).isEmpty();
  }

  @Test
  void aRedrivenJobBeginsAnew() {
    fakes.receiver = _ -> undelivered("http-503", null);
    var message =
        message(new NeedsCallback(OLD, "signature", 10, NOW.plusSeconds(9), OLD.at(), 1), true);

    assertRequeued(
        run(message, JobQueue.CALLBACK, NOW),
        new NeedsCallback(OLD, "signature", 2, null, NOW, 1),
        JobQueue.CALLBACK,
        Duration.ofSeconds(30));
  }

  @Test
  void aMessageThatIsNotAJobIsADeadLetterWithItsReason() {
    var message = new ReceivedMessage("a", "", "SECRET", false, null);

    assertThat(run(message, JobQueue.RETRY, NOW)).isEqualTo(new Done());
    assertThat(fakes.deadMessages)
        .containsExactly(new DeadMessage("SECRET", "it is not a JSON object"));
    fakes.queueIsDown = true;
    assertThat(run(message, JobQueue.RETRY, NOW)).isEqualTo(new Failed());
    assertThat(fakes.log)
        .extracting(event -> event.measurements().keySet())
        .containsExactly(Set.of(Metric.DEAD_LETTER_MALFORMED), Set.of(Metric.QUEUE_UNAVAILABLE));
  }

  @Test
  void anUnexpectedFailureLeavesTheMessage() {
    fakes.upstream =
        _ -> {
          throw new IllegalStateException("SECRET");
        };

    assertThat(run(JOB)).isEqualTo(new Failed());
    var unreadable = new ReceivedMessage("a", "", null, false, null);
    assertThat(run(unreadable, JobQueue.RETRY, NOW)).isEqualTo(new Failed());
    assertThat(fakes.log).hasSize(2).allMatch(line -> line.name().equals("unexpected failure"));
    assertThat(fakes.log.getFirst().fields()).containsEntry("id", "job-7");
  }

  @Test
  void aJobWithASignatureIsDeliveredWithoutAGrantOrAnUpstreamCall() {
    fakes.limiter.isDown = true;

    assertThat(run(SIGNED)).isEqualTo(new Done());

    assertThat(fakes.delivered)
        .containsExactly(new Delivery(ACCEPTANCE.callbackUrl(), "job-7", "signature"));
    assertThat(fakes.signed).isEmpty();
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
            new NeedsSignature(ACCEPTANCE, "bad", 3, null, ACCEPTANCE.at()),
            Kind.MESSAGE_REJECTED,
            "http-413",
            true),
        arguments(
            new NeedsSignature(OLD, "hello", 20, null, OLD.at()),
            Kind.SIGNING_EXHAUSTED,
            "timeout",
            true),
        arguments(
            new NeedsCallback(ACCEPTANCE, "gone", 2, null, ACCEPTANCE.at(), 1),
            Kind.CALLBACK_GONE,
            "http-410",
            false),
        arguments(
            new NeedsCallback(ACCEPTANCE, "private", 1, null, ACCEPTANCE.at(), 1),
            Kind.CALLBACK_FORBIDDEN,
            "forbidden-url",
            false),
        arguments(
            new NeedsCallback(OLD, "refused", 10, null, OLD.at(), 1),
            Kind.CALLBACK_EXHAUSTED,
            "tls",
            true));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aJobThatCannotSucceedIsADeadLetterWithItsReasonAndNoAttempts(
      Job job, Kind kind, String outcome, boolean isNotified) {
    fail();
    var dead = new Dead(job.fresh(NOW), new DeadLetterReason(kind, outcome, job.attemptNumber()));

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
  void aDeadLetterThatTheQueueDidNotStoreFailsIsNotRecordedAndNobodyIsNotified() {
    fakes.with("CALLBACK_ON_FAILURE", "true").with("JOB_TABLE", "jobs").upstream =
        _ -> new Rejected("http-400");
    fakes.queueIsDown = true;

    assertThat(run(JOB)).isEqualTo(new Failed());
    assertThat(fakes.log).extracting(LogEvent::level).containsExactly(LogEvent.Level.ERROR);
    assertThat(fakes.jobTable.written).isEmpty();
    assertThat(fakes.delivered).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anExpiredJobIsADeadLetterWithoutAGrantACallOrADelivery(boolean isSigned) {
    Job job =
        isSigned
            ? new NeedsCallback(
                EXPIRED.acceptance(), "signature", 3, null, EXPIRED.acceptance().at(), 1)
            : EXPIRED;

    assertThat(run(job)).isEqualTo(new Done());

    assertThat(fakes.dead)
        .containsExactly(
            new Dead(job.fresh(NOW), new DeadLetterReason(Kind.EXPIRED, "expired", 2)));
    assertThat(fakes.limiter.timeouts).isEmpty();
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.delivered).isEmpty();

    fakes.with("CALLBACK_ON_FAILURE", "true");
    run(job);
    assertThat(fakes.delivered).extracting(Delivery::reason).containsExactly("expired");
  }

  @Test
  void aDeliveryEndsThreeSecondsBeforeTheStep() {
    fakes.with("CALLBACK_TIMEOUT_SECONDS", "7");
    run(SIGNED);
    fakes.time.advance(Duration.ofSeconds(21));
    run(SIGNED, JobQueue.CALLBACK, NOW);

    assertThat(fakes.callbackTimeouts)
        .containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(6));
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

    assertRequeued(run(JOB, JobQueue.RETRY, NOW), JOB, JobQueue.RETRY, Duration.ZERO);

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.limiter.timeouts).isEmpty();
  }

  @Test
  void aStepWithoutTimeIsNotBegun() {
    fakes.time.advance(Duration.ofSeconds(27));

    assertThat(run(JOB, JobQueue.RETRY, NOW)).isEqualTo(new Failed());

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

  /** In line it keeps its place. SQS counts its receives: it is released only if it was refused. */
  @ParameterizedTest
  @MethodSource("withoutACall")
  void aJobWithoutACallJoinsTheLineOrStaysThereAndThatIsNoAttempt(Consumer<FakeServices> given) {
    given.accept(fakes.with("JOB_TABLE", "jobs"));

    assertRequeued(run(JOB), JOB, JobQueue.LINE, Duration.ZERO);
    assertThat(runInLine()).isEqualTo(fakes.limiter.wait.isZero() ? new Failed() : new Released());
    assertThat(fakes.log.getLast().fields()).containsEntry("decision", "stay-in-line");
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
  void aSignatureIsReusedWithoutACall() {
    fakes.with("JOB_TABLE", "jobs").with("SIGNATURE_CACHE_SECONDS", "600");
    run(JOB);

    assertRequeued(run(JOB), JOB.signedBefore("signature", NOW), JobQueue.CALLBACK, Duration.ZERO);

    assertThat(fakes.signed).hasSize(1);
    assertThat(fakes.limiter.acquired()).isOne();
  }

  /** The record of a job that is requeued is written first: a crash leaves no step out of it. */
  @Test
  void stepsAreRecordedIfThereIsATable() {
    List.of(JOB, SIGNED, EXPIRED).forEach(this::run);
    assertThat(fakes.jobTable.timeouts()).isEmpty();

    fakes.with("JOB_TABLE", "jobs");
    List.of(JOB, SIGNED, EXPIRED).forEach(this::run);

    assertThat(fakes.sent).isEmpty();
    assertThat(fakes.jobTable.written)
        .extracting(JobRecord::status)
        .containsExactly(JobStatus.DELIVERING, JobStatus.DELIVERED, JobStatus.EXPIRED);
  }

  @Test
  void aJobWithACallbackUrlGoesOnWhileTheTableIsDown() {
    fakes.with("JOB_TABLE", "jobs").jobTable.isDown = true;

    assertRequeued(run(JOB), SIGNED, JobQueue.CALLBACK, Duration.ZERO);
    assertThat(run(SIGNED)).isEqualTo(new Done());

    assertThat(fakes.delivered).hasSize(1);
    assertThat(fakes.log)
        .filteredOn(event -> event.measurements().containsKey(Metric.RECORD_NOT_WRITTEN))
        .hasSize(2);
  }

  /** The record is all that its client sees. */
  @Test
  void aJobWithoutACallbackUrlIsOverOnceItsRecordSaysSo() {
    fakes.with("JOB_TABLE", "jobs").jobTable.isDown = true;
    NeedsCallback signed = FOR_RECORD.signed("signature", NOW);
    assertRequeued(run(FOR_RECORD), signed, JobQueue.CALLBACK, Duration.ZERO);
    assertRequeued(run(signed), signed.next(), JobQueue.CALLBACK, Duration.ofSeconds(30));

    fakes.jobTable.isDown = false;
    assertThat(run(signed.next())).isEqualTo(new Done());

    assertThat(fakes.jobTable.written)
        .extracting(JobRecord::status, JobRecord::signature, JobRecord::deliveries)
        .containsExactly(tuple(JobStatus.SIGNED, "signature", 0));
  }

  /** A repetition would call the upstream again, as long as the table is down. */
  @Test
  void aDeadLetterIsSentOnceWhetherOrNotItsRecordIsWritten() {
    fakes.with("JOB_TABLE", "jobs").jobTable.isDown = true;
    fakes.upstream = _ -> new Rejected("http-422");

    for (int receives = 1; receives <= 3 && run(FOR_RECORD) instanceof Failed; receives++) {}

    assertThat(fakes.signed).containsExactly("hello");
    assertThat(fakes.dead).hasSize(1);
    fakes.jobTable.isDown = false;
    assertThat(run(message(fakes.dead.getFirst().job(), true), JobQueue.RETRY, NOW))
        .as("redriven")
        .isEqualTo(new Done());
    assertThat(fakes.jobTable.written.getLast().status()).isEqualTo(JobStatus.FAILED);
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

  private Result run(Job job) {
    return run(job, JobQueue.CALLBACK, fakes.time.instant());
  }

  private Result runInLine() {
    return run(JOB, JobQueue.LINE, fakes.time.instant());
  }

  private Result run(Job job, JobQueue source, Instant begun) {
    return run(message(job, false), source, begun);
  }

  private Result run(ReceivedMessage message, JobQueue source, Instant begun) {
    CallSource calls = timeout -> fakes.limiter.acquire(Duration.ofMillis(250), timeout);
    return new JobStep(fakes.services(), source, begun.plusSeconds(30), calls).run(message);
  }

  private static ReceivedMessage message(Job job, boolean redriven) {
    return new ReceivedMessage("message", "", JobCodec.encode(job), redriven, null);
  }

  private static void assertRequeued(Result result, Job job, JobQueue queue, Duration delay) {
    assertThat(result)
        .isInstanceOfSatisfying(
            NeedsRequeue.class,
            requeue -> assertThat(requeue.decision()).isEqualTo(new Requeue(job, queue, delay)));
  }
}
