package dev.signrelay.worker;

import static dev.signrelay.testing.FakeRateLimiter.grant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.worker.StepResult.Done;
import dev.signrelay.worker.StepResult.NeedsRequeue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Jobs that have to wait for a grant, or get none. */
final class JobStepRateLimitTest {

  private static final Instant NOW = FakeServices.START;
  private static final NeedsSignature JOB =
      new NeedsSignature(
          new Acceptance("job-7", URI.create("https://receiver.example/in"), NOW),
          "hello",
          2,
          null);

  private final FakeServices fakes = new FakeServices();

  @Test
  void aJobWaitsForItsGrantInTheFunctionUpTo4Seconds() {
    fakes.limiter.wait = Duration.ofSeconds(4);

    assertThat(step().run(JOB)).isEqualTo(new Done());

    assertThat(fakes.time.instant()).isEqualTo(NOW.plusSeconds(4));
    assertThat(fakes.signed).containsExactly("hello");
  }

  @Test
  void aJobWaitsForALaterGrantInTheQueueAndThatIsNoAttempt() {
    fakes.limiter.wait = Duration.ofSeconds(60);

    assertRequeued(
        step().run(JOB),
        JOB.withGrant(grant("grant-1", NOW.plusSeconds(60))),
        Duration.ofSeconds(57));
    assertThat(fakes.signed).isEmpty();
  }

  @Test
  void whileTheLimiterIsDownTheUpstreamIsNotCalledAndTheJobKeepsItsAttempts() {
    fakes.limiter.isDown = true;

    assertRequeued(step().run(JOB), JOB, Duration.ofSeconds(60));
    assertRequeued(step().run(JOB.withGrant(grant("carried", NOW))), JOB, Duration.ofSeconds(60));

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.limiter.timeouts).hasSize(2).containsOnly(Duration.ofSeconds(2));
  }

  private JobStep step() {
    return new JobStep(fakes.services(), NOW.plusSeconds(30));
  }

  private static void assertRequeued(StepResult result, Job job, Duration delay) {
    assertThat(result)
        .isInstanceOfSatisfying(
            NeedsRequeue.class,
            requeue -> assertThat(requeue.decision()).isEqualTo(new Requeue(job, delay)));
  }
}
