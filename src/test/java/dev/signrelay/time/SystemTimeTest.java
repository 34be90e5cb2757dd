package dev.signrelay.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
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

  @Test
  void aCallInTimeGivesItsResult() throws TimeoutException, ExecutionException {
    assertThat(time.callWithin(LONG, () -> "result")).isEqualTo("result");
  }

  @Test
  void whatACallThrowsIsPassedOn() {
    var failure = new IOException("reset");
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(
            () ->
                time.callWithin(
                    LONG,
                    () -> {
                      throw failure;
                    }))
        .withCause(failure);
  }

  @Test
  void anErrorIsPassedOnToo() {
    var failure = new StackOverflowError();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(
            () ->
                time.callWithin(
                    LONG,
                    () -> {
                      throw failure;
                    }))
        .withCause(failure);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void aCallWithNoTimeIsNotEvenStarted(long nanos) throws TimeoutException, ExecutionException {
    var starts = new AtomicInteger();
    for (int i = 0; i < 100; i++) {
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> time.callWithin(Duration.ofNanos(nanos), starts::incrementAndGet));
    }

    // Had any of the hundred been started, it would have run before this one.
    assertThat(time.callWithin(LONG, starts::incrementAndGet)).isEqualTo(1);
  }

  @Test
  void aCallThatDoesNotEndIsGivenUpInTimeAndInterrupted()
      throws InterruptedException, TimeoutException, ExecutionException {
    time.callWithin(LONG, () -> "the threads are warm");

    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> time.callWithin(Duration.ofMillis(100), this::blockUntilInterrupted));
    assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aCallThatWillNotBeInterruptedIsGivenUpAllTheSame() {
    var release = new CountDownLatch(1);
    try {
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(
              () -> time.callWithin(Duration.ofMillis(50), () -> awaitUninterruptibly(release)));
    } finally {
      release.countDown();
    }
  }

  @Test
  void anInterruptedWaitEndsAtOnceInterruptsTheCallAndIsNotForgotten() throws Exception {
    var waiting =
        new FutureTask<>(
            () -> {
              assertThatExceptionOfType(TimeoutException.class)
                  .isThrownBy(() -> time.callWithin(LONG, this::blockUntilInterrupted));
              return Thread.currentThread().isInterrupted();
            });
    Thread waiter = Thread.ofVirtual().start(waiting);
    assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();

    waiter.interrupt();

    assertThat(waiting.get(5, TimeUnit.SECONDS)).isTrue();
    assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
  }

  private boolean blockUntilInterrupted() {
    started.countDown();
    try {
      return new CountDownLatch(1).await(20, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      interrupted.countDown();
      return false;
    }
  }

  private static boolean awaitUninterruptibly(CountDownLatch release) {
    while (true) {
      try {
        return release.await(20, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        // as a call that ignores interruption does
      }
    }
  }
}
