package dev.signrelay.worker;

import static dev.signrelay.testing.FakeRateLimiter.grant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.limit.GrantWindow;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Dead;
import dev.signrelay.worker.StepResult.Done;
import dev.signrelay.worker.StepResult.NeedsRequeue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
  void aJobWaitsForItsGrantInTheFunctionUpTo6Seconds() {
    fakes.limiter.wait = Duration.ofSeconds(6);

    assertRequeued(
        step().run(JOB),
        JOB.signed("signature", NOW.plusSeconds(6)),
        JobQueue.CALLBACK,
        Duration.ZERO);

    assertThat(fakes.time.instant()).isEqualTo(NOW.plusSeconds(6));
    assertThat(fakes.signed).containsExactly("hello");
  }

  @Test
  void aJobWaitsForANearGrantInTheQueueAndThatIsNoAttempt() {
    fakes.limiter.wait = Duration.ofSeconds(45);

    assertRequeued(
        step().run(JOB),
        JOB.withGrant(grant("grant-1", NOW.plusSeconds(45))),
        JobQueue.RETRY,
        Duration.ofSeconds(40));
    assertThat(fakes.signed).isEmpty();
  }

  /** The bound of the line is for new requests: a job that was accepted is never refused. */
  @Test
  void aRetryWithoutANearGrantJoinsTheLineHoweverLongItIs() {
    fakes.with("LINE_MAX_SECONDS", "1");
    fakes.limiter.wait = Duration.ofSeconds(46);
    fakes.limiter.expectedWait = Duration.ofDays(3);

    assertRequeued(step().run(JOB), JOB, JobQueue.LINE, Duration.ZERO);
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.limiter.acquired()).isZero();
  }

  @Test
  void whileTheLimiterIsDownAJobWithoutATurnJoinsTheLineAndKeepsItsAttempts() {
    fakes.limiter.isDown = true;

    assertRequeued(step().run(JOB), JOB, JobQueue.LINE, Duration.ZERO);

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.limiter.timeouts).containsExactly(Duration.ofSeconds(3));
  }

  @Test
  void whileTheLimiterIsDownAJobWithATurnKeepsItsPlaceAndItsAttempts() {
    fakes.limiter.isDown = true;

    assertRequeued(
        step().run(JOB.withGrant(grant("carried", NOW))),
        JOB.missed(),
        JobQueue.RETRY,
        Duration.ofSeconds(15));

    assertThat(fakes.signed).isEmpty();
  }

  @Test
  void withoutTheUpstreamsKeyNoGrantIsTakenAndAJobKeepsItsPlaceAndItsAttempts() {
    fakes.upstreamKeyIsKnown = false;

    assertRequeued(step().run(JOB), JOB.missed(), JobQueue.RETRY, Duration.ofSeconds(15));
    assertRequeued(
        step().run(JOB.withGrant(grant("carried", NOW))),
        JOB.missed(),
        JobQueue.RETRY,
        Duration.ofSeconds(15));

    assertThat(fakes.limiter.timeouts).isEmpty();
    assertThat(fakes.signed).isEmpty();
  }

  @Test
  void aJobThatMissedItsTurnIsGrantedItsCallAheadAndNotAtOnce() {
    assertRequeued(
        step().run(JOB.missed()), JOB.missed().missed(), JobQueue.RETRY, Duration.ofSeconds(30));
    fakes.limiter.wait = Duration.ofSeconds(110);
    assertRequeued(
        step().run(JOB.missed()),
        JOB.missed().withGrant(grant("grant-1", NOW.plusSeconds(110))),
        JobQueue.RETRY,
        Duration.ofSeconds(105));

    assertThat(fakes.limiter.windows).containsOnly(GrantWindow.AHEAD);
    assertThat(fakes.signed).isEmpty();
  }

  @Test
  void aJobWhoseGrantsExpireIsADeadLetterAfterTwentyMissesAndWithItsAttempts() {
    fakes.with("RETRY_GIVE_UP_AFTER_SECONDS", "0").connectsInTime = false;
    NeedsSignature job = JOB;
    var queues = new ArrayList<JobQueue>();
    StepResult result;
    while ((result = step().run(job.withGrant(grant("grant-" + job.misses(), now()))))
        instanceof NeedsRequeue requeue) {
      queues.add(requeue.decision().queue());
      job = (NeedsSignature) requeue.decision().job();
    }

    assertThat(result).isEqualTo(new Done());
    assertThat(queues).hasSize(19);
    assertThat(queues.subList(0, 3)).containsOnly(JobQueue.RETRY);
    assertThat(queues.subList(3, 19)).containsOnly(JobQueue.LINE);
    assertThat(fakes.dead)
        .containsExactly(
            new Dead(JOB.fresh(NOW), new DeadLetterReason(Kind.NOT_CALLED, "grant-expired", 1)));
  }

  private Instant now() {
    return fakes.time.instant();
  }

  private JobStep step() {
    return new JobStep(fakes.services(), NOW.plusSeconds(30));
  }

  private static void assertRequeued(StepResult result, Job job, JobQueue queue, Duration delay) {
    assertThat(result)
        .isInstanceOfSatisfying(
            NeedsRequeue.class,
            requeue -> assertThat(requeue.decision()).isEqualTo(new Requeue(job, queue, delay)));
  }
}
