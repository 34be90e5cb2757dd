package dev.signrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.signrelay.app.Services;
import dev.signrelay.dispatch.DispatchWorkflow.Result;
import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.retry.RunningSteps;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.DeadMessage;
import dev.signrelay.testing.FakeServices.Sent;
import dev.signrelay.testing.SimulatedTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that drain the line, in virtual time. */
final class DispatchWorkflowTest {

  private static final Instant NOW = FakeServices.START;

  /** The function's, less its reserve. */
  private static final Duration TIME = Duration.ofSeconds(119);

  /** Of one processor. */
  private static final int MEGABYTES = 1_769;

  private final SimulatedTime time = new SimulatedTime();
  private final FakeServices fakes = new FakeServices(time);

  /** When the run was over. */
  private Instant ended = Instant.MIN;

  @Test
  void aRunNotesTheLengthOfTheLineHandlesItsJobsAndWritesOneEvent() {
    join(3);

    assertThat(run()).isEqualTo(new Result(3, Duration.ofMinutes(7), 0, 3, null));

    assertThat(fakes.signed).containsExactlyInAnyOrder("message-1", "message-2", "message-3");
    assertThat(fakes.sent)
        .extracting(Sent::queue)
        .containsExactly(JobQueue.CALLBACK, JobQueue.CALLBACK, JobQueue.CALLBACK);
    assertThat(fakes.line.removed).containsExactlyInAnyOrder("receipt-1", "receipt-2", "receipt-3");
    assertThat(fakes.line.holds)
        .as("longer than a call takes: else another run would receive the job")
        .containsOnly(Duration.ofSeconds(55));
    assertThat(fakes.limiter.noted).containsExactly(3L, 0L);
    assertThat(runEvent())
        .isEqualTo(
            LogEvent.of(Level.INFO, "dispatch")
                .measured(Metric.DISPATCHED, 3)
                .measured(Metric.LINE_LENGTH, 3L)
                .measured(Metric.LINE_WAIT, 420L)
                .measured(Metric.LINE_AGE, 0L));
  }

  /** Also of one that stays in line: the metric of SQS leaves it out after three receives. */
  @Test
  void aRunReportsTheLargestAgeOfTheJobsThatItReceived() {
    join(1);
    fakes.line.joinsAt = NOW.minus(Duration.ofDays(11));
    fakes.line.join(job(2));
    fakes.line.joinsAt = NOW.plusSeconds(5); // the clock of SQS differs
    fakes.line.join(job(3));
    fakes.connectsInTime = false;

    assertThat(run().dispatched()).isZero();

    assertThat(runEvent().measurements()).containsEntry(Metric.LINE_AGE, 950_400L);
  }

  /** The second thread of a run is that of a batch, the third that of a step. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aThreadThatCannotBeStartedIsLoggedAndDoesNotHoldTheRun(int thread) {
    join(1);
    time.refuseThread(thread);

    assertThat(run().dispatched()).isZero();

    assertThat(ended).isBefore(NOW.plusSeconds(30));
    assertThat(fakes.log).extracting(LogEvent::name).contains("unexpected failure");
  }

  @Test
  void anEmptyLineEndsTheRunAfterOneReceive() {
    fakes.limiter.expectedWait = Duration.ZERO;

    assertThat(run().dispatched()).isZero();

    assertThat(fakes.line.received).containsExactly(0);
    assertThat(fakes.limiter.noted).containsExactly(0L);
    assertThat(fakes.limiter.requested).isEmpty();
    assertThat(ended).isBefore(NOW.plusSeconds(2));
    assertThat(runEvent().measurements())
        .containsEntry(Metric.LINE_LENGTH, 0L)
        .containsEntry(Metric.LINE_WAIT, 0L)
        .containsEntry(Metric.DISPATCHED, 0)
        .doesNotContainKey(Metric.LINE_AGE);
  }

  /** Else all who come after the next one that is granted no call would wait for the next run. */
  @Test
  void whileFewCallsAreFreeARunStaysForThoseWhoJoinNext() {
    join(1);
    fakes.limiter.free = 3;
    var receivedAt = new ArrayList<Instant>();
    fakes.line.beforeReceive =
        () -> {
          receivedAt.add(time.instant());
          if (receivedAt.size() == 4) {
            fakes.line.join(job(2));
          }
        };

    assertThat(run().dispatched()).isEqualTo(2);

    assertThat(fakes.line.received).startsWith(1, 0, 0, 1, 0).hasSizeLessThan(10);
    assertThat(receivedAt.get(2)).isAfterOrEqualTo(receivedAt.get(1).plusSeconds(10));
    assertThat(receivedAt.get(3)).isAfterOrEqualTo(receivedAt.get(2).plusSeconds(10));
    assertThat(fakes.limiter.noted).containsExactly(1L, 0L);
    assertThat(ended).isAfter(NOW.plusSeconds(60));
  }

  /** Other processes remember for ten seconds that jobs wait. */
  @Test
  void aRunThatLeavesAQuarterOfTheCallsEndsWhenTheLineStaysEmpty() {
    join(1);
    fakes.limiter.free = 4;

    assertThat(run().dispatched()).isOne();

    assertThat(fakes.line.received).containsExactly(1, 0, 0);
    assertThat(ended).isBetween(NOW.plusSeconds(10), NOW.plusSeconds(15));
  }

  /** SQS counts jobs that have left the line, for a while. */
  @Test
  void aLineThatIsShorterThanCountedIsNotedAsEmpty() {
    fakes.line.countedTooMany = 3;

    assertThat(run().dispatched()).isZero();

    assertThat(fakes.limiter.noted).containsExactly(3L, 0L);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "7, 7", "25, 10 10 5"})
  void noMoreJobsAreReceivedThanCallsAreFree(int free, String receives) {
    join(300);
    fakes.limiter.free = free;

    assertThat(run().dispatched()).isEqualTo(free);

    assertThat(fakes.line.requested).hasToString("[" + receives.replace(" ", ", ") + "]");
    assertThat(fakes.limiter.acquired()).isEqualTo(free);
    assertThat(fakes.signed).hasSize(free);
    assertThat(fakes.line.released).isEmpty();
  }

  /** So that the steps that have begun can end: an upstream call takes up to 10 s. */
  @ParameterizedTest
  @CsvSource({"119, 76", "60, 20"})
  void ifNoCallIsFreeBeforeItsEndARunEndsAtOnceAndReceivesNothing(int seconds, int next) {
    join(300);
    fakes.limiter.next = NOW.plusSeconds(next);

    assertThat(run(Duration.ofSeconds(seconds)).dispatched()).isZero();

    assertThat(fakes.line.received).isEmpty();
    assertThat(ended).isBefore(NOW.plusSeconds(2));
  }

  @Test
  void aJobIsReceivedASecondBeforeItsCallIsFreeAndCalledThen() {
    join(1);
    fakes.limiter.next = NOW.plusSeconds(20);
    var receivedAt = new ArrayList<Instant>();
    fakes.line.beforeReceive = () -> receivedAt.add(time.instant());

    assertThat(run().dispatched()).isOne();

    assertThat(receivedAt.getFirst()).isEqualTo(NOW.plusSeconds(19));
    assertThat(fakes.grants).extracting(Grant::from).containsExactly(NOW.plusSeconds(20));
  }

  /** Such as while the steps of the batch wait for leases. */
  @Test
  void aCallThatBecomesFreeWhileABatchIsOpenIsUsed() {
    join(2);
    fakes.limiter.free = 1;
    var receivedAt = new ArrayList<Instant>();
    fakes.line.beforeReceive = () -> receivedAt.add(time.instant());
    fakes.limiter.beforeGrants =
        () -> {
          fakes.limiter.beforeGrants = () -> {};
          fakes.limiter.free = 2;
          time.sleepUntil(NOW.plusSeconds(8));
        };

    assertThat(run().dispatched()).isEqualTo(2);

    assertThat(receivedAt.get(1)).isBefore(NOW.plusSeconds(2));
  }

  @Test
  void aBatchTakesExactlyAsManyGrantsAsItsStepsAskForWithOneRequest() {
    for (int n = 1; n <= 10; n++) {
      fakes.line.join(job(n, n > 6 ? Duration.ZERO : null));
    }
    fakes.limiter.free = 10;

    assertThat(run().dispatched()).isEqualTo(10);

    assertThat(fakes.limiter.requested).containsExactly(6);
    assertThat(fakes.limiter.acquired()).isEqualTo(6);
    assertThat(fakes.dead).hasSize(4);
  }

  /** With one free call, they would otherwise leave the line one by one. */
  @Test
  void manyExpiredJobsAtTheHeadOfTheLineLeaveItFast() {
    for (int n = 1; n <= 5_000; n++) {
      fakes.line.join(job(n, Duration.ZERO));
    }
    for (int n = 5_001; n <= 5_020; n++) {
      fakes.line.join(job(n));
    }
    fakes.limiter.free = 1;

    assertThat(run().dispatched()).isEqualTo(5_001);

    assertThat(fakes.dead).hasSize(5_000);
    assertThat(fakes.signed).hasSize(1);
    assertThat(fakes.limiter.acquired()).isOne();
    assertThat(fakes.line.received.size()).isLessThan(600);
    // What was received ahead of its calls stays in line.
    assertThat(fakes.line.removed).hasSize(5_001);
  }

  /** Another run may have taken them between the two requests. */
  @Test
  void aJobThatIsGrantedNoCallIsReleasedAndNotCalled() {
    join(10);
    fakes.limiter.free = 10;
    anotherRunLeaves(4, 0);

    assertThat(run().dispatched()).isEqualTo(4);

    assertThat(fakes.signed).hasSize(4);
    assertThat(fakes.line.removed).hasSize(4);
    assertThat(fakes.line.released).hasSize(6).doesNotContainAnyElementsOf(fakes.line.removed);
    assertThat(fakes.sent).hasSize(4);
  }

  /** A job that is released may lose its place. */
  @Test
  void aJobWhoseCallAnotherRunTookWaitsForTheNextOne() {
    join(10);
    fakes.limiter.free = 10;
    anotherRunLeaves(4, 6);

    assertThat(run().dispatched()).isEqualTo(10);

    assertThat(fakes.limiter.requested).containsExactly(10, 6);
    assertThat(fakes.line.released).isEmpty();
  }

  /** It waited while its message was being signed for another job. */
  @Test
  void aStepThatAsksAfterItsBatchWasGrantedCallsIsRefusedAtOnce() {
    fakes.with("JOB_TABLE", "jobs").with("SIGNATURE_CACHE_SECONDS", "60");
    fakes.line.join(job(1)).join(NeedsSignature.first(job(2).acceptance(), "message-1"));
    fakes.limiter.free = 2;
    fakes.upstream = _ -> fakes.after(Duration.ofSeconds(2), FakeServices.failed("http-500"));

    assertThat(run().dispatched()).isEqualTo(2);

    assertThat(fakes.line.released).containsExactly("receipt-2");
    assertThat(fakes.grants.getLast().from()).isBefore(NOW.plusSeconds(15));
  }

  private void anotherRunLeaves(int calls, int later) {
    fakes.limiter.beforeGrants =
        () -> {
          fakes.limiter.free = calls;
          fakes.limiter.beforeGrants = () -> fakes.limiter.free = later;
        };
  }

  /** SQS would move it to the dead-letter queue after 1,000 receives. */
  @Test
  void aJobWhoseConnectionIsEstablishedTooLateIsNotReceivedAgainWhileItIsHeld() {
    join(1);
    fakes.connectsInTime = false;

    assertThat(run().dispatched()).isZero();

    assertThat(fakes.signed).hasSize(1);
    assertThat(fakes.line.released).isEmpty();
    assertThat(fakes.line.removed).isEmpty();
  }

  /** Slow calls: each run has a bounded number of threads. */
  @Test
  void atMost300StepsRunAtOnce() {
    join(2_000);
    int[] running = {0, 0};
    fakes.upstream =
        _ -> {
          running[1] = Math.max(running[1], ++running[0]);
          time.sleepUntil(time.instant().plusSeconds(10));
          running[0]--;
          return new Signed("signature");
        };

    assertThat(run().dispatched()).isEqualTo(2_000);

    assertThat(running[1]).isBetween(280, 300);
  }

  @Test
  void aRunEndsWhenAnotherHasNotedTheLine() {
    join(100);
    fakes.limiter.next = NOW.plusSeconds(20);
    fakes.limiter.beforeGrants = () -> fakes.limiter.lastNote = time.instant();
    fakes.limiter.free = 10;

    assertThat(run().dispatched()).isEqualTo(10);

    assertThat(ended).isBefore(NOW.plusSeconds(30));
  }

  /** At a high limit with slow calls, one run does not suffice. */
  @Test
  void aRunThatMakesAsManyCallsAsItMayGoesOnBesideLaterOnesWhileItsTimeAllows() {
    joinWithSlowCalls(6_000);

    assertThat(run(Duration.ofSeconds(599)).dispatched()).isEqualTo(6_000);

    assertThat(ended).isAfter(NOW.plusSeconds(180));
  }

  @Test
  void aRunThatNoLongerMakesAsManyCallsAsItMayEndsWhenAnotherHasNotedTheLine() {
    joinWithSlowCalls(400);
    fakes.limiter.free = 401;
    Instant noted = NOW.plusSeconds(40);
    var _ = time.runAfter(Duration.between(NOW, noted), () -> fakes.limiter.lastNote = noted);

    assertThat(run(Duration.ofSeconds(599)).dispatched()).isEqualTo(400);

    assertThat(ended).isBetween(noted, noted.plusSeconds(10));
  }

  /** After each call, another run notes the line. */
  private void joinWithSlowCalls(int jobs) {
    join(jobs);
    fakes.upstream =
        _ -> {
          time.sleepUntil(time.instant().plusSeconds(10));
          fakes.limiter.lastNote = time.instant();
          return new Signed("signature");
        };
  }

  @Test
  void aMessageThatIsNotAJobIsADeadLetterAndLeavesTheLine() {
    fakes.line.join("SECRET").join(job(2));

    assertThat(run().dispatched()).isEqualTo(2);

    assertThat(fakes.deadMessages)
        .containsExactly(new DeadMessage("SECRET", "it is not a JSON object"));
    assertThat(fakes.line.removed).containsExactlyInAnyOrder("receipt-1", "receipt-2");
    assertThat(fakes.limiter.acquired()).isOne();
  }

  /** They are asked in this order. */
  static Stream<Arguments> withoutAnAnswer() {
    Consumer<FakeServices> noKey = fakes -> fakes.upstreamKeyIsKnown = false;
    Consumer<FakeServices> noLine = fakes -> fakes.line.isDown = true;
    Consumer<FakeServices> noLimiter = fakes -> fakes.limiter.isDown = true;
    return Stream.of(
        arguments(noKey, "the upstream key is unavailable", Set.of(Metric.DISPATCHED)),
        arguments(noLine, "the line is down", Set.of(Metric.DISPATCHED, Metric.QUEUE_UNAVAILABLE)),
        arguments(
            noLimiter,
            "the limiter is down",
            Set.of(Metric.DISPATCHED, Metric.LIMITER_UNAVAILABLE)));
  }

  @ParameterizedTest
  @MethodSource("withoutAnAnswer")
  void withoutAnAnswerOfTheKeyTheLineOrTheLimiterTheLineIsUntouched(
      Consumer<FakeServices> given, String error, Set<Metric> measured) {
    join(3);
    given.accept(fakes);

    assertThat(run().dispatched()).isZero();

    assertThat(fakes.line.received).isEmpty();
    assertThat(fakes.limiter.timeouts.isEmpty()).isEqualTo(!fakes.limiter.isDown);
    assertThat(runEvent().level()).isEqualTo(Level.ERROR);
    assertThat(runEvent().fields()).containsEntry("error", error);
    assertThat(runEvent().measurements().keySet()).isEqualTo(measured);
  }

  /** After its jobs were received: they are released. */
  @Test
  void aLimiterThatFailsDuringTheRunEndsIt() {
    join(25);
    fakes.limiter.beforeGrants = () -> fakes.limiter.isDown = true;

    assertThat(run().failure()).hasMessage("the limiter is down");

    assertThat(ended).isBefore(NOW.plusSeconds(30));
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.line.removed).isEmpty();
    assertThat(fakes.line.released).hasSize(25);
    assertThat(runEvent().measurements())
        .containsEntry(Metric.LINE_LENGTH, 25L)
        .containsEntry(Metric.LIMITER_UNAVAILABLE, 1);
  }

  /** Else a receive in flight would hide its jobs for a minute. */
  @Test
  void aLimiterThatFailsWhileJobsAreReceivedLeavesNoneOfThemHeld() {
    join(5);
    fakes.line.beforeReceive =
        () -> {
          fakes.limiter.isDown = true;
          time.sleepUntil(NOW.plusSeconds(3));
        };

    assertThat(run().failure()).hasMessage("the limiter is down");

    assertThat(fakes.line.released).hasSize(5);
    assertThat(fakes.log).extracting(LogEvent::name).doesNotContain("unexpected failure");
  }

  /** A failed run costs a minute. */
  @Test
  void aLengthThatIsNotReadIsReadAgain() {
    join(3);
    fakes.line.failures = 1;

    assertThat(run().dispatched()).isEqualTo(3);
  }

  /** Jobs that are not removed are received, and called, again. They count all the same. */
  @Test
  void aLineThatFailsDuringTheRunEndsIt() {
    join(5);
    fakes.limiter.free = 10;
    fakes.limiter.beforeGrants = () -> fakes.line.isDown = true;

    Result result = run();

    assertThat(result.failure()).hasMessage("the line is down");
    assertThat(result.dispatched()).isEqualTo(5);
    assertThat(fakes.signed).hasSize(5);
    assertThat(fakes.line.removed).isEmpty();
    assertThat(ended).isBefore(NOW.plusSeconds(30));
    assertThat(runEvent().measurements()).containsEntry(Metric.QUEUE_UNAVAILABLE, 1);
  }

  @Test
  void aJobThatCannotBeRemovedIsReported() {
    join(1);
    fakes.line.refusesRemoval = true;

    assertThat(run().failure()).hasMessage("the line is down");

    assertThat(runEvent().measurements()).containsEntry(Metric.QUEUE_UNAVAILABLE, 1);
  }

  @Test
  void anUnexpectedFailureEndsTheRunAndIsLoggedWithoutItsMessage() {
    join(50);
    fakes.line.beforeReceive =
        () -> {
          throw new IllegalStateException("SECRET");
        };

    assertThat(run().dispatched()).isZero();

    assertThat(ended).isBefore(NOW.plusSeconds(30));
    assertThat(fakes.log)
        .extracting(LogEvent::name)
        .contains("unexpected failure")
        .endsWith("dispatch");
    assertThat(fakes.log.toString()).doesNotContain("SECRET");
  }

  @Test
  void aStepThatDoesNotEndDelaysTheRunUntilItsDeadlineOnly() {
    join(2);
    fakes.upstream =
        message -> {
          time.sleepUntil(NOW.plusSeconds(message.equals("message-1") ? 600 : 0));
          return new Signed("signature");
        };

    assertThat(run().dispatched()).isOne();

    assertThat(ended).isEqualTo(NOW.plus(TIME));
    assertThat(fakes.line.removed).containsExactly("receipt-2");
  }

  /** As at the end of an invocation that takes longer than its time. */
  @Test
  void aDrainWhoseThreadsHaveBeenShutDownEnds() {
    join(1);
    Services services = fakes.services();
    Instant end = NOW.plus(TIME);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    threads.shutdownNow();

    var steps = new RunningSteps(services, true, end, _ -> {}, _ -> {});
    assertThat(new LineDrain(services, steps, threads, _ -> {}, 1, end, MEGABYTES).run()).isNull();
    assertThat(fakes.line.received).isEmpty();
  }

  /** The length of the line is approximate: the runs divide the jobs among them all the same. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void overlappingRunsShareTheWork(int runs) {
    join(200);
    fakes.limiter.free = 150;
    int dispatched =
        time.run(
            () -> {
              var results = new ArrayList<Result>();
              var threads = time.newExecutor();
              for (int i = 0; i < runs; i++) {
                threads.execute(
                    () ->
                        results.add(new DispatchWorkflow(fakes.services(), TIME, MEGABYTES).run()));
              }
              time.sleepUntil(NOW.plus(TIME));
              assertThat(results).hasSize(runs);
              return results.stream().mapToInt(Result::dispatched).sum();
            });

    assertThat(dispatched).isEqualTo(150);
    assertThat(fakes.signed).hasSize(150).doesNotHaveDuplicates();
    assertThat(fakes.line.removed).hasSize(150).doesNotHaveDuplicates();
  }

  private void join(int jobs) {
    IntStream.rangeClosed(1, jobs).forEach(n -> fakes.line.join(job(n)));
  }

  private static NeedsSignature job(int n) {
    return job(n, null);
  }

  /**
   * @param validFor how long its result is wanted; null: as long as it takes
   */
  private static NeedsSignature job(int n, @Nullable Duration validFor) {
    Instant end = validFor == null ? null : NOW.plus(validFor);
    var acceptance =
        new Acceptance("id-" + n, URI.create("https://receiver.example/in"), NOW, end, "");
    return NeedsSignature.first(acceptance, "message-" + n);
  }

  private Result run() {
    return run(TIME);
  }

  private Result run(Duration within) {
    return time.run(
        () -> {
          Result result = new DispatchWorkflow(fakes.services(), within, MEGABYTES).run();
          ended = time.instant();
          return result;
        });
  }

  private LogEvent runEvent() {
    List<LogEvent> runs = fakes.log.stream().filter(e -> e.name().equals("dispatch")).toList();
    assertThat(runs).hasSize(1);
    return runs.getFirst();
  }
}
