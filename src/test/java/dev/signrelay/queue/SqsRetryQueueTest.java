package dev.signrelay.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.testing.FakeTime;
import dev.signrelay.time.TimeSource;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class SqsRetryQueueTest {

  private static final Job JOB =
      new NeedsSignature(
          new Acceptance("id", URI.create("https://receiver.example"), FakeTime.START),
          "hello",
          2,
          null);

  private final SlowCalls time = new SlowCalls();
  private final RetryQueue queue =
      new SqsRetryQueue(
          () -> {
            throw new IllegalStateException("no call succeeds");
          },
          "https://sqs.example/retry",
          "https://sqs.example/dead",
          time);

  @Test
  void theTimeoutLimitsAllRequestsTogether() {
    var jobs = Collections.nCopies(31, new Requeue(JOB, Duration.ZERO));

    assertThat(queue.sendAll(jobs, Duration.ofSeconds(5))).hasSize(31).noneMatch(f -> f.isEmpty());
    assertThat(time.limits)
        .containsExactly(
            Duration.ofSeconds(5), Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ZERO);
  }

  /** A clock by which each call takes 2 s, or as long as it may, and then times out. */
  private static final class SlowCalls extends FakeTime {

    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final List<Duration> limits = new ArrayList<>();

    @Override
    public <T> T callWithin(Duration limit, Callable<T> call) throws TimeoutException {
      limits.add(limit);
      advance(TimeSource.shorter(limit, LONGEST));
      throw new TimeoutException();
    }
  }
}
