package dev.signrelay.worker;

import static dev.signrelay.testing.FakeRateLimiter.grant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Attempt.NotDue;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.retry.RetryDecision;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.worker.StepResult.Done;
import dev.signrelay.worker.StepResult.Requeue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Jobs that have to wait, for a grant or until they are due. */
final class JobStepWaitTest {

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

  @Test
  void aJobThatIsNotDueIsRequeuedAsItIs() {
    Job waiting = JOB.withNotBefore(NOW.plusSeconds(1_000));
    Job granted = JOB.withGrant(grant("carried", NOW.plusSeconds(500)));

    assertThat(step().waitUntilDue(waiting)).contains(notDue(waiting, 900));
    assertThat(step().waitUntilDue(granted)).contains(notDue(granted, 497));
    assertThat(step().waitUntilDue(JOB)).isEmpty();
    assertThat(fakes.limiter.claimed()).isZero();
  }

  private JobStep step() {
    return new JobStep(fakes.services(), NOW.plusSeconds(30));
  }

  private static Requeue notDue(Job job, long seconds) {
    return new Requeue(
        new NotDue(job), new RetryDecision.Requeue(job, Duration.ofSeconds(seconds)));
  }

  private static void assertRequeued(StepResult result, Job job, Duration delay) {
    assertThat(result)
        .isInstanceOfSatisfying(
            Requeue.class,
            requeue ->
                assertThat(requeue.decision()).isEqualTo(new RetryDecision.Requeue(job, delay)));
  }
}
