package dev.signrelay;

import static dev.signrelay.GrantsAsTold.grant;
import static dev.signrelay.Parts.unsigned;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.Grant;
import dev.signrelay.retry.Job;
import dev.signrelay.retry.Job.Acceptance;
import dev.signrelay.retry.Job.NeedsSignature;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** RetryFunction when calls are limited. */
final class RateLimitedTest {

  private static final Instant NOW = Parts.START;
  private static final Acceptance ACCEPTANCE =
      new Acceptance("job-7", URI.create("https://receiver.example/in"), NOW);

  private final Parts parts = new Parts();

  @Test
  void aJobThatMayCallNowCallsBeforeItsGrantIsOver() {
    handle(job(null));

    assertThat(parts.signed).containsExactly("hello");
    assertThat(parts.sentBefore).containsExactly(NOW.plus(GrantsAsTold.TOLERANCE));
  }

  @Test
  void aJobThatMayCallLaterWaitsInTheQueueWithItsGrantAndThatIsNoAttempt() {
    parts.limiter.wait = Duration.ofSeconds(60);

    handle(job(null));

    assertThat(parts.signed).isEmpty();
    assertThat(parts.sent)
        .extracting(Parts.Sent::job)
        .containsExactly(job(grant("grant-1", NOW.plusSeconds(60))));
    assertThat(parts.sent).extracting(Parts.Sent::delay).containsExactly(Duration.ofSeconds(57));
  }

  @Test
  void aJobThatMayCallInAMomentWaitsWhereItIs() {
    parts.limiter.wait = Duration.ofSeconds(4);

    handle(job(null));

    assertThat(parts.now).isEqualTo(NOW.plusSeconds(4));
    assertThat(parts.signed).containsExactly("hello");
  }

  @Test
  void aJobThatComesWithItsGrantWaitsForItAndDoesNotAskAgain() {
    handle(job(grant("mine", NOW.plusSeconds(3))));

    assertThat(parts.now).isEqualTo(NOW.plusSeconds(3));
    assertThat(parts.sentBefore).containsExactly(NOW.plusSeconds(4));
    assertThat(parts.limiter.given()).isZero();
    assertThat(parts.limiter.redeemed()).isEqualTo(1);
  }

  @Test
  void aJobThatComesMuchTooEarlyHopsAndItsGrantIsNotRedeemedYet() {
    NeedsSignature early = job(grant("mine", NOW.plusSeconds(500)));

    handle(early);

    assertThat(parts.sent).extracting(Parts.Sent::job).containsExactly(early);
    assertThat(parts.limiter.redeemed()).isZero();
  }

  @Test
  void aJobThatComesWhenItsGrantIsOverAsksAnew() {
    handle(job(grant("mine", NOW.minus(GrantsAsTold.TOLERANCE))));

    assertThat(parts.limiter.given()).isEqualTo(1);
    assertThat(parts.limiter.redeemed()).isZero();
    assertThat(parts.signed).hasSize(1);
  }

  @Test
  void ofTwoCopiesOfAJobOneCallsWithTheGrantAndTheOtherAsksAnew() {
    parts.limiter.wait = Duration.ofSeconds(60);
    NeedsSignature copy = job(grant("mine", NOW));

    handle(copy);
    handle(copy);

    assertThat(parts.signed).hasSize(1);
    assertThat(parts.sent)
        .extracting(Parts.Sent::job)
        .containsExactly(job(grant("grant-1", NOW.plusSeconds(60))));
  }

  @Test
  void whileTheLimiterIsDownNoCallIsMadeAndTheJobIsPutBackWithItsAttempts() {
    parts.limiter.isDown = true;

    handle(job(null), job(grant("mine", NOW)));

    assertThat(parts.signed).isEmpty();
    assertThat(parts.sent).extracting(Parts.Sent::job).containsExactly(job(null), job(null));
    assertThat(parts.sent).extracting(Parts.Sent::delay).containsOnly(Duration.ofSeconds(60));
    assertThat(parts.limiter.timeouts).allMatch(t -> t.equals(Duration.ofSeconds(2)));
    assertThat(parts.log.toString()).contains("rate limiter unavailable");
  }

  @Test
  void theQueueKeepsAJobThatItDidNotTakeBackWhenThereWasNoCallForIt() {
    parts.limiter.wait = Duration.ofSeconds(60);
    parts.queueIsDown = true;

    assertThat(Batch.of(job(null)).failed(parts)).containsExactly("message-0");
  }

  @Test
  void theBackoffComesFirstAndTheGrantSecond() {
    parts.upstream = _ -> unsigned("http-503");

    handle(job(null));

    assertThat(parts.limiter.given()).isEqualTo(1);
    assertThat(parts.sent)
        .extracting(Parts.Sent::job)
        .containsExactly(new NeedsSignature(ACCEPTANCE, "hello", 3, null));
  }

  @Test
  void aDeliveryNeedsNoGrant() {
    parts.limiter.isDown = true;

    handle(new Job.NeedsCallback(ACCEPTANCE, "signature", 1, null));

    assertThat(parts.delivered).hasSize(1);
  }

  private void handle(Job... jobs) {
    assertThat(Batch.of(jobs).failed(parts)).isEmpty();
  }

  private static NeedsSignature job(@Nullable Grant grant) {
    return new NeedsSignature(ACCEPTANCE, "hello", 2, null, grant);
  }
}
