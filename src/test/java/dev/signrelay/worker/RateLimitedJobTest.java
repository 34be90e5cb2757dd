package dev.signrelay.worker;

import static dev.signrelay.testing.FakeRateLimiter.grant;
import static dev.signrelay.testing.FakeServices.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Grant;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.testing.FakeRateLimiter;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.QueueBatch;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** RetryFunction when calls are limited. */
final class RateLimitedJobTest {

  private static final Instant NOW = FakeServices.START;
  private static final Acceptance ACCEPTANCE =
      new Acceptance("job-7", URI.create("https://receiver.example/in"), NOW);

  private final FakeServices fakes = new FakeServices();

  @Test
  void aJobThatMayCallNowCallsBeforeItsGrantIsOver() {
    handle(job(null));

    assertThat(fakes.signed).containsExactly("hello");
    assertThat(fakes.sentBefore).containsExactly(NOW.plus(FakeRateLimiter.TOLERANCE));
  }

  @Test
  void aJobThatMayCallLaterWaitsInTheQueueWithItsGrantAndThatIsNoAttempt() {
    fakes.limiter.wait = Duration.ofSeconds(60);

    handle(job(null));

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.sent)
        .extracting(FakeServices.Sent::job)
        .containsExactly(job(grant("grant-1", NOW.plusSeconds(60))));
    assertThat(fakes.sent)
        .extracting(FakeServices.Sent::delay)
        .containsExactly(Duration.ofSeconds(57));
  }

  @Test
  void aJobThatMayCallInAMomentWaitsWhereItIs() {
    fakes.limiter.wait = Duration.ofSeconds(4);

    handle(job(null));

    assertThat(fakes.time.instant()).isEqualTo(NOW.plusSeconds(4));
    assertThat(fakes.signed).containsExactly("hello");
  }

  @Test
  void aJobThatComesWithItsGrantWaitsForItAndDoesNotAskAgain() {
    handle(job(grant("mine", NOW.plusSeconds(3))));

    assertThat(fakes.time.instant()).isEqualTo(NOW.plusSeconds(3));
    assertThat(fakes.sentBefore).containsExactly(NOW.plusSeconds(4));
    assertThat(fakes.limiter.acquired()).isZero();
    assertThat(fakes.limiter.claimed()).isEqualTo(1);
  }

  @Test
  void aJobThatComesMuchTooEarlyHopsAndItsGrantIsNotRedeemedYet() {
    NeedsSignature early = job(grant("mine", NOW.plusSeconds(500)));

    handle(early);

    assertThat(fakes.sent).extracting(FakeServices.Sent::job).containsExactly(early);
    assertThat(fakes.limiter.claimed()).isZero();
  }

  @Test
  void aJobThatComesWhenItsGrantIsOverAsksAnew() {
    handle(job(grant("mine", NOW.minus(FakeRateLimiter.TOLERANCE))));

    assertThat(fakes.limiter.acquired()).isEqualTo(1);
    assertThat(fakes.limiter.claimed()).isZero();
    assertThat(fakes.signed).hasSize(1);
  }

  @Test
  void ofTwoCopiesOfAJobOneCallsWithTheGrantAndTheOtherAsksAnew() {
    fakes.limiter.wait = Duration.ofSeconds(60);
    NeedsSignature copy = job(grant("mine", NOW));

    handle(copy);
    handle(copy);

    assertThat(fakes.signed).hasSize(1);
    assertThat(fakes.sent)
        .extracting(FakeServices.Sent::job)
        .containsExactly(job(grant("grant-1", NOW.plusSeconds(60))));
  }

  @Test
  void whileTheLimiterIsDownNoCallIsMadeAndTheJobIsPutBackWithItsAttempts() {
    fakes.limiter.isDown = true;

    handle(job(null), job(grant("mine", NOW)));

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.sent).extracting(FakeServices.Sent::job).containsExactly(job(null), job(null));
    assertThat(fakes.sent)
        .extracting(FakeServices.Sent::delay)
        .containsOnly(Duration.ofSeconds(60));
    assertThat(fakes.limiter.timeouts).allMatch(t -> t.equals(Duration.ofSeconds(2)));
    assertThat(fakes.log.toString()).contains("rate limiter unavailable");
  }

  @Test
  void theQueueKeepsAJobThatItDidNotTakeBackWhenThereWasNoCallForIt() {
    fakes.limiter.wait = Duration.ofSeconds(60);
    fakes.queueIsDown = true;

    assertThat(QueueBatch.of(job(null)).failed(fakes)).containsExactly("message-0");
  }

  @Test
  void theBackoffComesFirstAndTheGrantSecond() {
    fakes.upstream = _ -> failed("http-503");

    handle(job(null));

    assertThat(fakes.limiter.acquired()).isEqualTo(1);
    assertThat(fakes.sent)
        .extracting(FakeServices.Sent::job)
        .containsExactly(new NeedsSignature(ACCEPTANCE, "hello", 3, null));
  }

  @Test
  void aDeliveryNeedsNoGrant() {
    fakes.limiter.isDown = true;

    handle(new Job.NeedsCallback(ACCEPTANCE, "signature", 1, null));

    assertThat(fakes.delivered).hasSize(1);
  }

  private void handle(Job... jobs) {
    assertThat(QueueBatch.of(jobs).failed(fakes)).isEmpty();
  }

  private static NeedsSignature job(@Nullable Grant grant) {
    return new NeedsSignature(ACCEPTANCE, "hello", 2, null, grant);
  }
}
