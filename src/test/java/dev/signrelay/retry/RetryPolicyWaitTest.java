package dev.signrelay.retry;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs that leave the queue before they are due. */
final class RetryPolicyWaitTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final RetryPolicy policy =
      new RetryPolicy(
          new Stage(new Backoff(ofSeconds(20), ofSeconds(86_400)), 20, Duration.ZERO),
          new Stage(new Backoff(ofSeconds(20), ofSeconds(86_400)), 10, Duration.ZERO));

  static Stream<Job> jobs() {
    var acceptance = new Acceptance("id-1", URI.create("https://example.com/hook"), NOW);
    return Stream.of(
        new NeedsSignature(acceptance, "message", 3, null),
        new NeedsCallback(acceptance, "signature", 4, null));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void aJobThatIsDueDoesNotWait(Job job) {
    assertThat(policy.waitUntilDue(job, NOW)).isEmpty();
    assertThat(policy.waitUntilDue(job.withNotBefore(NOW), NOW)).isEmpty();
    assertThat(policy.waitUntilDue(job.withNotBefore(NOW.minusSeconds(3_600)), NOW)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void aJobIsDueASecondEarly(Job job) {
    Duration justEarlier = ofSeconds(1).plusNanos(1);

    assertThat(policy.waitUntilDue(job.withNotBefore(NOW.plusSeconds(1)), NOW)).isEmpty();
    assertThat(policy.waitUntilDue(job.withNotBefore(NOW.plus(justEarlier)), NOW))
        .contains(new Requeue(job, justEarlier));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void aWaitThatTheQueueAllowsIsTheLast(Job job) {
    assertThat(policy.waitUntilDue(job.withNotBefore(NOW.plusSeconds(900)), NOW))
        .contains(new Requeue(job, ofSeconds(900)));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void aLongerWaitIsRequeuedAndKeepsItsEnd(Job job) {
    Job later = job.withNotBefore(NOW.plusSeconds(900).plusNanos(1));

    assertThat(policy.waitUntilDue(later, NOW)).contains(new Requeue(later, ofSeconds(900)));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void repeatedRequeuesAreNotAttemptsAndEndOnTime(Job job) {
    Instant due = NOW.plusSeconds(86_400).plusMillis(1);
    List<Duration> delays = new ArrayList<>();
    Job waiting = job.withNotBefore(due);
    Instant now = NOW;
    Optional<Requeue> wait;
    while ((wait = policy.waitUntilDue(waiting, now)).isPresent() && delays.size() < 1_000) {
      delays.add(wait.get().delay());
      now = now.plus(wait.get().delay());
      waiting = wait.get().job();
      assertThat(waiting.attempt()).isEqualTo(job.attempt());
    }

    assertThat(now).isBetween(due.minusSeconds(1), due);
    assertThat(delays).hasSize(96).allMatch(ofSeconds(900)::equals);
    assertThat(waiting.fresh(NOW)).isEqualTo(job.fresh(NOW));
  }
}
