package dev.signrelay.retry;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.CallUnderWay;
import dev.signrelay.job.SigningResult.GrantExpired;
import dev.signrelay.job.SigningResult.KeyUnavailable;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attempts after which the upstream was not called. */
final class RetryPolicyNoCallTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Acceptance ACCEPTANCE =
      new Acceptance("id-1", URI.create("https://example.com/hook"), NOW.minusSeconds(86_400));

  private static final Map<String, SigningResult> RESULTS =
      Map.of(
          "not-granted", new NotGranted(ofSeconds(90), true),
          "line-unknown", new NotGranted(Duration.ZERO, false),
          "limiter-unavailable", new LimiterUnavailable(new IllegalStateException()),
          "key-unavailable", new KeyUnavailable(),
          "grant-expired", new GrantExpired(),
          "call-under-way", new CallUnderWay(),
          "out-of-time", new OutOfTime());

  /** Its delays are a quarter of an hour and more: none of them is used here. */
  private final RetryPolicy policy =
      new RetryPolicy(
          new Stage(new Backoff(ofSeconds(900), ofSeconds(86_400)), 20, ofSeconds(60)),
          new Stage(new Backoff(ofSeconds(900), ofSeconds(86_400)), 10, ofSeconds(60)));

  /** Without a call no attempt is used up: the job is neither delayed nor given up for it. */
  @ParameterizedTest
  @CsvSource({
    "not-granted, 0.5, LINE, 0",
    "line-unknown, 0.5, LINE, 0",
    "limiter-unavailable, 0.5, LINE, 0",
    "key-unavailable, 0.5, LINE, 0",
    "grant-expired, 0.5, LINE, 0",
    "call-under-way, 0, RETRY, 4",
    "call-under-way, 0.5, RETRY, 6",
    "call-under-way, 0.999999999, RETRY, 8",
    "out-of-time, 0.5, RETRY, 0",
  })
  void aJobWithoutACallWaitsInItsQueueAndKeepsItsAttempts(
      String result, double random, JobQueue queue, long seconds) {
    for (int attempt : new int[] {1, 20, Integer.MAX_VALUE}) {
      for (Instant notBefore : new Instant[] {null, NOW.minusSeconds(5)}) {
        var job = new NeedsSignature(ACCEPTANCE, "message", attempt, notBefore);
        Requeue decision = (Requeue) policy.afterSigning(job, RESULTS.get(result), NOW, random);

        assertThat(decision.queue()).isEqualTo(queue);
        assertThat(decision.delay()).isCloseTo(ofSeconds(seconds), Duration.ofMillis(1));
        assertThat(decision.job().withNotBefore(null)).isEqualTo(job.withNotBefore(null));
      }
    }
  }

  @Test
  void aReusedSignatureIsDeliveredAndIsNoCall() {
    var third = new NeedsSignature(ACCEPTANCE, "message", 3, null);

    assertThat(policy.afterSigning(third, new Reused("signature", ofSeconds(7)), NOW, 0))
        .isEqualTo(new Deliver(third.signedBefore("signature", NOW)));
    assertThat(third.signedBefore("signature", NOW).calls()).isEqualTo(2);
  }
}
