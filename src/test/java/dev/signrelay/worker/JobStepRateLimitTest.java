package dev.signrelay.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.worker.StepResult.NeedsRequeue;
import dev.signrelay.worker.StepResult.Stays;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs without a call: they join the line, or stay there. */
final class JobStepRateLimitTest {

  private static final Instant NOW = FakeServices.START;
  private static final NeedsSignature JOB =
      new NeedsSignature(
          new Acceptance("job-7", URI.create("https://receiver.example/in"), NOW),
          "hello",
          2,
          null);

  private final FakeServices fakes = new FakeServices();

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

  @ParameterizedTest
  @MethodSource("withoutACall")
  void aJobWithoutACallJoinsTheLineAndThatIsNoAttempt(Consumer<FakeServices> given) {
    given.accept(fakes);

    assertThat(run(false))
        .isInstanceOfSatisfying(
            NeedsRequeue.class,
            requeue ->
                assertThat(requeue.decision())
                    .isEqualTo(new Requeue(JOB, JobQueue.LINE, Duration.ZERO)));
  }

  /** It keeps its place, and SQS counts its receives. */
  @ParameterizedTest
  @MethodSource("withoutACall")
  void aJobInLineWithoutACallStaysThere(Consumer<FakeServices> given) {
    given.accept(fakes);

    assertThat(run(true)).isInstanceOf(Stays.class);
  }

  @Test
  void aJobInLineIsTreatedLikeOthersAfterItsCall() {
    assertThat(run(true)).isEqualTo(run(false)).isInstanceOf(NeedsRequeue.class);
    fakes.upstream = _ -> FakeServices.failed("http-503");
    assertThat(run(true)).isEqualTo(run(false)).isInstanceOf(NeedsRequeue.class);
  }

  @Test
  void aJobInLineWaitsTenSecondsForACallAndAnotherOneThree() {
    run(true);
    run(false);

    assertThat(fakes.limiter.timeouts)
        .containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(3));
  }

  private StepResult run(boolean inLine) {
    return new JobStep(fakes.services(), inLine, NOW.plusSeconds(30))
        .run(JOB, timeout -> fakes.limiter.acquire(Duration.ZERO, timeout));
  }
}
