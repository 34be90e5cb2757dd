package dev.signrelay.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.worker.StepResult.NeedsRequeue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Jobs with the same message, while signatures are reused. */
final class JobStepReuseTest {

  private static final Instant NOW = FakeServices.START;
  private static final Instant DEADLINE = NOW.plusSeconds(20);

  private final FakeServices fakes =
      new FakeServices().with("JOB_TABLE", "jobs").with("SIGNATURE_CACHE_SECONDS", "600");

  @Test
  void aSignatureIsDeliveredToTheReceiversOfFurtherJobs() {
    Requeue first = run(job("job-1"));
    Requeue second = run(job("job-2"));

    assertThat(fakes.signed).containsExactly("hello");
    assertThat(fakes.limiter.acquired()).isOne();
    assertDelivered(first.job(), 2);
    assertDelivered(second.job(), 1);
    assertThat(second.queue()).isEqualTo(JobQueue.CALLBACK);
  }

  private static void assertDelivered(Job job, int calls) {
    assertThat(job)
        .isInstanceOfSatisfying(
            NeedsCallback.class,
            signed -> {
              assertThat(signed.signature()).isEqualTo("signature");
              assertThat(signed.calls()).isEqualTo(calls);
            });
  }

  @Test
  void aJobWaitsForAnotherCallForThreeSecondsAndThenInTheQueue() {
    var _ = fakes.jobTable.direct().leaseSignature("hello", "another", DEADLINE, Duration.ZERO);

    assertThat(run(job("job-1"))).isEqualTo(new Requeue(job("job-1"), Duration.ofSeconds(6)));

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.time.instant()).isEqualTo(NOW.plusSeconds(3));
  }

  private Requeue run(NeedsSignature job) {
    StepResult result =
        new JobStep(fakes.services(), false, DEADLINE)
            .run(job, timeout -> fakes.limiter.acquire(Duration.ZERO, timeout));
    return ((NeedsRequeue) result).decision();
  }

  /** At its second attempt. */
  private static NeedsSignature job(String id) {
    return new NeedsSignature(
        new Acceptance(id, URI.create("https://receiver.example/in"), NOW), "hello", 2, null);
  }
}
