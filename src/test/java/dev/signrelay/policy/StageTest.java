package dev.signrelay.policy;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A job is tried until its attempts and its time are used up. */
final class StageTest {

  private static final Instant BEGIN = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration HORIZON = ofDays(3);

  private final Stage stage = new Stage(new Backoff(ofSeconds(20), ofHours(4)), 10, HORIZON);

  /** The acceptance was a month before: the time begins with the stage, or with a redrive. */
  @ParameterizedTest
  @CsvSource({
    "1, PT0S, false",
    "1000, PT71H59M59.999S, false", // its attempts are used up, its time is not
    "9, PT9999H, false", // its time is used up, its attempts are not
    "10, PT72H, true", // exactly at the end
    "10, PT9999H, true",
    "11, PT72H, true",
  })
  void aJobIsGivenUpWhenItsAttemptsAndItsTimeAreUsedUp(
      int attempt, Duration after, boolean isUsedUp) {
    assertThat(stage.isUsedUp(job(attempt), BEGIN.plus(after))).isEqualTo(isUsedUp);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, PT48H, PT48H", // a day more than the longest delay of the policy, and within the time
    "PT0S, PT96H, PT72H", // the last attempt is at the end of the time
    "PT71H, PT12H, PT4H", // up to the longest delay in any case
    "PT72H, PT2H, PT2H",
    "PT72H, PT12H, PT4H",
    "PT71H, PT30M, PT30M",
  })
  void aRetryAfterIsFollowedUntilTheTimeIsUsedUp(
      Duration after, Duration retryAfter, Duration delay) {
    assertThat(stage.delay(job(1), retryAfter, BEGIN.plus(after), 0)).isEqualTo(delay);
  }

  @Test
  void withoutATimeTheAttemptsAloneDecide() {
    var attempts = new Stage(stage.backoff(), 10, Duration.ZERO);

    assertThat(attempts.isUsedUp(job(9), BEGIN)).isFalse();
    assertThat(attempts.isUsedUp(job(10), BEGIN)).isTrue();
    assertThat(attempts.isUsedUp(job(10), BEGIN.minusSeconds(60))).isTrue();
    assertThat(attempts.delay(job(1), ofMinutes(10), BEGIN, 0)).isEqualTo(ofMinutes(10));
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "-1, 1", "1, -1"})
  void aStageAllowsAtLeastOneAttempt(int attempts, int seconds) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Stage(stage.backoff(), attempts, ofSeconds(seconds)))
        .withMessage("at least one attempt must be allowed");
    assertThat(new Stage(stage.backoff(), 1, Duration.ZERO).attempts()).isOne();
  }

  private static NeedsCallback job(int attempt) {
    var acceptance =
        new Acceptance("id-1", URI.create("https://example.com/hook"), BEGIN.minus(ofDays(30)));
    return new NeedsCallback(acceptance, "signature", attempt, null, BEGIN, 1);
  }
}
