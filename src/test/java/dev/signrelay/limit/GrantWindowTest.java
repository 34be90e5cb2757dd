package dev.signrelay.limit;

import static dev.signrelay.limit.GrantWindow.AHEAD;
import static dev.signrelay.limit.GrantWindow.NEAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.signrelay.job.Grant;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class GrantWindowTest {

  /** DispatchFunction runs at least this often. */
  private static final Duration TICK = Duration.ofMinutes(1);

  /**
   * Until its next run, DispatchFunction has taken every grant that a newcomer could take.
   * Otherwise newcomers would overtake the jobs in line.
   */
  @Test
  void newcomersFindNoGrantWhileJobsWaitInLine() {
    assertThat(NEAR.to()).isLessThan(AHEAD.to().minus(TICK));
  }

  @Test
  void grantsForTheLineLastUntilTheNextRun() {
    assertThat(AHEAD.to().minus(AHEAD.from())).isGreaterThan(TICK);
  }

  @Test
  void noGrantIsTwoMinutesAhead() {
    assertThat(AHEAD.to()).isLessThan(Duration.ofMinutes(2));
  }

  @Test
  void aJobHasTimeToReturnBeforeItsGrant() {
    assertThat(NEAR.from()).isEqualTo(Grant.LEAD);
    assertThat(AHEAD.from()).isEqualTo(Grant.LEAD);
  }

  @Test
  void aShortWaitBeginsNow() {
    Duration second = Duration.ofSeconds(1);

    assertThat(GrantWindow.within(second)).isEqualTo(new GrantWindow(Duration.ZERO, second, false));
  }

  @Test
  void aWindowIsCutAtAnEndWithinIt() {
    assertThat(AHEAD.upTo(Duration.ofSeconds(20)))
        .contains(new GrantWindow(AHEAD.from(), Duration.ofSeconds(20), false));
    assertThat(AHEAD.upTo(AHEAD.from()))
        .contains(new GrantWindow(AHEAD.from(), AHEAD.from(), false));
    assertThat(AHEAD.upTo(AHEAD.from().minusMillis(1))).isEmpty();
    assertThat(NEAR.upTo(AHEAD.to())).contains(NEAR);
  }

  @Test
  void aWindowBeginsNowOrLaterAndEndsAfterThat() {
    Duration second = Duration.ofSeconds(1);

    assertThatCode(() -> new GrantWindow(second, second, false)).doesNotThrowAnyException();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GrantWindow(second.negated(), second, false));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GrantWindow(second, second.minusNanos(1), false));
  }
}
