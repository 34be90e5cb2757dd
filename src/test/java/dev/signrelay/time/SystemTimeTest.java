package dev.signrelay.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class SystemTimeTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final TimeSource time = new SystemTime();
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private volatile Thread calling;

  @Test
  void theResultOrFailureOfACallThatCompletesInTimeIsPassedOn()
      throws TimeoutException, ExecutionException {
    assertThat(time.callWithin(LONG, () -> "result")).isEqualTo("result");
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> time.callWithin(LONG, () -> Class.forName("absent")))
        .withCauseInstanceOf(ClassNotFoundException.class);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> time.callWithin(LONG, SystemTimeTest::overflow))
        .withCauseInstanceOf(StackOverflowError.class);
  }

  private static String overflow() {
    throw new StackOverflowError();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void aCallWithoutTimeIsNotStarted(long nanos) throws TimeoutException, ExecutionException {
    var starts = new AtomicInteger();
    for (int i = 0; i < 100; i++) {
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> time.callWithin(Duration.ofNanos(nanos), starts::incrementAndGet));
    }

    // A call that had been started would have run before this one.
    assertThat(time.callWithin(LONG, starts::incrementAndGet)).isEqualTo(1);
  }

  @Test
  void aCallThatDoesNotCompleteTimesOutAndIsInterruptedEvenIfItIgnoresThat()
      throws InterruptedException, TimeoutException, ExecutionException {
    time.callWithin(LONG, () -> "the threads are warm");

    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> time.callWithin(Duration.ofMillis(100), this::ignoreInterruption));
    assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
    release.countDown();
  }

  /**
   * On virtual threads, as many that compute as there are processors would occupy every carrier
   * thread, and no other call would begin or end.
   */
  @Test
  void callsTasksAndDelayedTasksRunOnPlatformThreads()
      throws InterruptedException, TimeoutException, ExecutionException {
    var threads = new LinkedBlockingQueue<Thread>();
    threads.add(time.callWithin(LONG, Thread::currentThread));
    time.runAfter(Duration.ofMillis(1), () -> threads.add(Thread.currentThread()));
    time.newExecutor().execute(() -> threads.add(Thread.currentThread()));

    for (int i = 0; i < 3; i++) {
      assertThat(time.poll(threads, LONG)).isNotNull().matches(t -> !t.isVirtual() && t.isDaemon());
    }
  }

  @Test
  void anInterruptedWaitInterruptsTheCallAndKeepsTheInterruptStatus() throws Exception {
    assertThat(interruptWait()).isTrue();
    assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
    release.countDown();
  }

  @Test
  void theThreadOfAnInterruptedCallIsReusedAndNotInterrupted() throws Exception {
    interruptWait();
    release.countDown();
    // It waited without a limit. Then it waits for the next call, for a limited time.
    while (calling.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }

    assertThat(time.callWithin(LONG, () -> Thread.interrupted() ? null : Thread.currentThread()))
        .isSameAs(calling);
  }

  /** Returns the interrupt status of the thread that waited for a call. */
  private boolean interruptWait() throws Exception {
    var waiting =
        new FutureTask<>(
            () -> {
              assertThatExceptionOfType(TimeoutException.class)
                  .isThrownBy(() -> time.callWithin(LONG, this::ignoreInterruption));
              return Thread.currentThread().isInterrupted();
            });
    Thread waiter = Thread.ofVirtual().start(waiting);
    assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
    waiter.interrupt();
    return waiting.get(5, TimeUnit.SECONDS);
  }

  @Test
  void aDelayedTaskRunsUnlessItIsClosedBefore() throws InterruptedException {
    var ran = new CountDownLatch(1);
    var prevented = new AtomicInteger();
    time.runAfter(LONG, prevented::incrementAndGet).close();
    time.runAfter(Duration.ofMillis(1), ran::countDown);

    assertThat(ran.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(prevented).hasValue(0);
  }

  @Test
  void anElementIsTakenAndAnEmptyQueueIsWaitedForUntilTheTimeout() throws InterruptedException {
    var queue = new LinkedBlockingQueue<>(List.of("element"));

    assertThat(time.poll(queue, Duration.ZERO)).isEqualTo("element");
    assertThat(time.poll(queue, Duration.ZERO)).isNull();
    assertThat(time.poll(queue, Duration.ofMillis(1))).isNull();
  }

  @Test
  void sleepingEndsWhenTheTimeHasCome() {
    Instant end = time.instant().plusMillis(2);

    assertThat(time.sleepUntil(end)).isTrue();
    assertThat(time.instant()).isAfterOrEqualTo(end);
  }

  /** Blocks until it is released, and keeps its interrupt status. */
  private boolean ignoreInterruption() {
    calling = Thread.currentThread();
    started.countDown();
    try {
      release.await();
      return true;
    } catch (InterruptedException _) {
      interrupted.countDown();
      boolean released = ignoreInterruption();
      Thread.currentThread().interrupt();
      return released;
    }
  }
}
