package dev.signrelay.dispatch;

import static dev.signrelay.dispatch.LineJobs.ids;
import static dev.signrelay.dispatch.LineJobs.job;
import static dev.signrelay.dispatch.LineJobs.join;
import static dev.signrelay.dispatch.LineJobs.receipts;
import static dev.signrelay.dispatch.LineJobs.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.signrelay.app.Services;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.limit.NoLimit;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Sent;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class DispatchWorkflowTest {

  /** More than any run takes, even on a busy machine. */
  private static final Duration TIME = Duration.ofHours(2);

  private final FakeServices fakes =
      new FakeServices().with("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "20");

  @Test
  void aRunNotesTheLengthOfTheLineMovesItsJobsAndWritesOneEvent() {
    join(fakes, 3);

    assertThat(run()).isEqualTo(new DispatchResult(3, Duration.ofMinutes(7), 3, null));

    assertThat(sent(fakes)).isEqualTo(ids(3));
    assertThat(fakes.line.removed).isEqualTo(receipts(3));
    assertThat(fakes.limiter.noted).containsExactly(3L);
    assertThat(fakes.log)
        .containsExactly(
            LogEvent.of(Level.INFO, "dispatch")
                .measured(Metric.DISPATCHED, 3)
                .measured(Metric.LINE_LENGTH, 3L)
                .measured(Metric.LINE_WAIT, 420L));
  }

  /** The queue's count is approximate. */
  @Test
  void oneLaneLooksForJobsEvenIfTheLineIsSaidToBeEmpty() {
    fakes.line.beforeReceive = once(() -> fakes.line.join(job(1)));

    assertThat(run()).isEqualTo(new DispatchResult(0, Duration.ofMinutes(7), 1, null));
  }

  @Test
  void withoutAFreeGrantNoJobIsReceived() {
    join(fakes, 300);
    fakes.limiter.free = 0;

    assertThat(run().dispatched()).isZero();

    assertThat(fakes.line.received).isEmpty();
    assertThat(fakes.limiter.noted).containsExactly(300L);
  }

  @ParameterizedTest
  @CsvSource({"500, 1000, 500", "500, 500, 500", "500, 255, 255", "4000, 3999, 3999"})
  void severalLanesMoveEachJobOnceAndNoMoreThanGrantsAreFree(int jobs, int grants, int dispatched) {
    join(fakes, jobs);
    fakes.limiter.free = grants;

    assertThat(run().dispatched()).isEqualTo(dispatched);

    assertThat(sent(fakes)).containsExactlyInAnyOrderElementsOf(ids(dispatched));
    assertThat(fakes.line.removed).containsExactlyInAnyOrderElementsOf(receipts(dispatched));
  }

  /** Each lane waits at its first receive until all have come. */
  @ParameterizedTest
  @CsvSource({
    "201, 2147483647, 2",
    "201, 201, 2",
    "3001, 2147483647, 16",
    "4000, 2147483647, 16",
  })
  void aLaneIsAddedForEvery200JobsUpToSixteen(int jobs, int grants, int lanes) {
    join(fakes, jobs);
    fakes.limiter.free = grants;
    var allHaveCome = new CyclicBarrier(lanes);
    ThreadLocal<Boolean> came = ThreadLocal.withInitial(() -> false);
    fakes.line.beforeReceive =
        () -> {
          if (!came.get()) {
            came.set(true);
            await(allHaveCome);
          }
        };

    assertThat(run()).isEqualTo(new DispatchResult(jobs, Duration.ofMinutes(7), jobs, null));
  }

  @ParameterizedTest
  @CsvSource({"200, 2147483647", "4000, 200"})
  void upTo200JobsOrGrantsHaveOneLane(int jobs, int grants) {
    join(fakes, jobs);
    fakes.limiter.free = grants;
    var lanes = new AtomicInteger();
    ThreadLocal<Integer> lane = ThreadLocal.withInitial(lanes::incrementAndGet);
    fakes.line.beforeReceive = lane::get;

    assertThat(run().dispatched()).isEqualTo(200);

    assertThat(lanes).hasValue(1);
  }

  @Test
  void withoutAnAnswerOfTheLineTheRunEndsAndTheLimiterIsNotAsked() {
    fakes.line.isDown = true;

    assertThat(run().dispatched()).isZero();

    assertThat(fakes.limiter.timeouts).isEmpty();
    assertThat(onlyEvent().measurements())
        .containsOnlyKeys(Metric.DISPATCHED, Metric.QUEUE_UNAVAILABLE);
  }

  @Test
  void withoutAnAnswerOfTheLimiterNoJobIsReceived() {
    join(fakes, 300);
    fakes.limiter.isDown = true;

    assertThat(run().dispatched()).isZero();

    assertThat(fakes.line.received).isEmpty();
    assertThat(onlyEvent().level()).isEqualTo(Level.ERROR);
    assertThat(onlyEvent().measurements())
        .containsOnlyKeys(Metric.DISPATCHED, Metric.LIMITER_UNAVAILABLE);
  }

  @Test
  void aLimiterThatFailsDuringTheRunEndsTheLanesAndIsOneEvent() {
    join(fakes, 500);
    fakes.line.beforeReceive = () -> fakes.limiter.isDown = true;

    assertThat(run().dispatched()).isZero();

    assertThat(fakes.line.removed).isEmpty();
    assertThat(onlyEvent().measurements())
        .containsEntry(Metric.LINE_LENGTH, 500L)
        .containsEntry(Metric.LIMITER_UNAVAILABLE, 1);
  }

  @Test
  void aQueueThatRefusesAJobEndsItsLaneAndIsOneEvent() {
    join(fakes, 20);
    fakes.refused = job -> job.id().equals("id-20");

    assertThat(run().dispatched()).isEqualTo(19);

    assertThat(onlyEvent().level()).isEqualTo(Level.ERROR);
    assertThat(onlyEvent().measurements())
        .containsEntry(Metric.DISPATCHED, 19)
        .containsEntry(Metric.QUEUE_UNAVAILABLE, 1);
  }

  /** It is an error of the invocation, which an alarm watches. */
  @Test
  void anUnexpectedFailureEndsItsLaneAloneAndFailsTheRunWithoutItsMessage() {
    join(fakes, 500);
    fakes.line.beforeReceive =
        once(
            () -> {
              throw new IllegalStateException("SECRET");
            });

    assertThatExceptionOfType(LaneFailedException.class)
        .isThrownBy(this::run)
        .withMessageStartingWith("a lane failed: java.lang.IllegalStateException at dev.signrelay.")
        .withMessageNotContaining("SECRET")
        .withNoCause();

    // The ten that the lane had reserved wait for the next run.
    assertThat(fakes.line.removed).hasSize(490);
    assertThat(fakes.time.instant()).isEqualTo(FakeServices.START);
    assertThat(onlyEvent().level()).isEqualTo(Level.ERROR);
    assertThat(onlyEvent().measurements())
        .containsOnlyKeys(Metric.DISPATCHED, Metric.LINE_LENGTH, Metric.LINE_WAIT)
        .containsEntry(Metric.DISPATCHED, 490);
    assertThat(fakes.log.toString()).doesNotContain("SECRET");
  }

  @Test
  void aLaneThatDoesNotEndIsInterruptedAtTheDeadline() throws InterruptedException {
    join(fakes, 3);
    var interrupted = new CountDownLatch(1);
    fakes.line.beforeReceive =
        () -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException _) {
            interrupted.countDown();
          }
        };

    assertThat(run(Duration.ofSeconds(20)).dispatched()).isZero();

    assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(fakes.time.instant()).isEqualTo(FakeServices.START.plusSeconds(20));
    assertThat(onlyEvent().measurements()).containsEntry(Metric.LINE_LENGTH, 3L);
  }

  /** If there is a limit when a job arrives, it joins the line again and has missed nothing. */
  @Test
  void withoutALimitJobsLeaveTheLineAtOnceAndCarryNoGrant() {
    join(fakes, 25);
    Services s = fakes.services();
    var unlimited =
        new Services(
            s.config(),
            s.clientKeys(),
            s.signer(),
            s.callbacks(),
            new NoLimit(fakes.time),
            s.queues(),
            s.line(),
            s.records(),
            s.signatures(),
            s.reservations(),
            s.places(),
            s.queuePrimer(),
            s.time(),
            s.random(),
            s.ids(),
            s.log());

    assertThat(new DispatchWorkflow(unlimited, TIME).run())
        .isEqualTo(new DispatchResult(25, Duration.ZERO, 25, null));

    assertThat(fakes.sent).extracting(Sent::delay).containsOnly(Duration.ZERO);
    assertThat(fakes.sent)
        .allSatisfy(sent -> assertThat(((NeedsSignature) sent.job()).hadItsTurn()).isFalse());
  }

  /** Otherwise jobs that come back at once would go round in one run. */
  @Test
  void aRunTakesAtMostTheJobsThatWaitedWhenItBegan() {
    join(fakes, 250);
    fakes.line.beforeReceive = () -> join(fakes, 10);

    assertThat(run().dispatched()).isEqualTo(250);
  }

  private DispatchResult run() {
    return run(TIME);
  }

  private DispatchResult run(Duration time) {
    return new DispatchWorkflow(fakes.services(), time).run();
  }

  private LogEvent onlyEvent() {
    assertThat(fakes.log).hasSize(1);
    return fakes.log.getFirst();
  }

  private static Runnable once(Runnable task) {
    var runs = new AtomicInteger();
    return () -> {
      if (runs.incrementAndGet() == 1) {
        task.run();
      }
    };
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
