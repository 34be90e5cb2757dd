package dev.signrelay.limit;

import static dev.signrelay.limit.SharedSchedule.FARTHEST_GRANT;
import static dev.signrelay.limit.SharedSchedule.MAX_WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.Drain;
import dev.signrelay.limit.ModelAction.End;
import dev.signrelay.limit.ModelAction.NoteLine;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelAction.Resume;
import dev.signrelay.limit.ModelAction.TimePasses;
import dev.signrelay.limit.ModelAction.Wipe;
import dev.signrelay.limit.ModelState.Arrival;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worst case of a deleted schedule, which is too long for a search. */
final class LimiterModelLostScheduleTest {

  private static final Requests ANSWERED = Requests.ALL_ANSWERED;

  /** The process whose clock is ahead. */
  private static final int AHEAD = 0;

  /** The process whose clock is behind: it begins a new schedule as early as possible. */
  private static final int BEHIND = 1;

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void theNewScheduleBeginsAfterAllGrantsThatMayHaveBeenTaken() {
    ModelState end = run(MAX_WAIT).check(LimiterModel.production());

    // The last call before and the first after. The process that calls is the one that took the
    // grant, so that the second between two clocks is spare.
    assertThat(end.arrivals())
        .extracting(Arrival::at)
        .containsExactly(at(0), at(64_000).minusNanos(1), at(125_000));
  }

  /** A drain run that waits longer than {@link SharedSchedule#MAX_WAIT}. */
  @Test
  void aGrantThatIsTakenFartherAheadBreaksTheLimit() {
    Duration tooFar = FARTHEST_GRANT.plusMillis(1);

    assertThatThrownBy(() -> run(tooFar).check(FarAhead.model(tooFar)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("2 calls arrive within 60 s, where 1 are allowed");
  }

  /**
   * @param ahead how far ahead of its clock, besides the expected latency of a second, a process
   *     takes a grant before the table is lost
   */
  private static ModelRun run(Duration ahead) {
    Duration untilAhead = SlidingWindowLimiter.PERIOD.minus(SECOND).minus(ahead);
    return new ModelRun(
        List.of(1, 1),
        List.of(500, -500),
        List.of(
            new Drain(AHEAD, 1, ANSWERED, Call.EARLY),
            new NoteLine(BEHIND, 0, ANSWERED),
            new TimePasses(untilAhead.minus(SECOND)),
            // The latency of this request is expected of the next one.
            new NoteLine(AHEAD, 1, new Requests(1, End.WAITS)),
            new TimePasses(SECOND),
            new Resume(AHEAD, 0, ANSWERED, Call.EARLY),
            new Drain(AHEAD, 1, ANSWERED, Call.LATE),
            new Wipe(),
            new NoteLine(BEHIND, 1, ANSWERED),
            new TimePasses(FARTHEST_GRANT.plus(SlidingWindowLimiter.PERIOD).minusSeconds(1)),
            new Drain(AHEAD, 1, ANSWERED, Call.EARLY),
            new TimePasses(SECOND),
            new Drain(AHEAD, 1, ANSWERED, Call.EARLY)));
  }

  private static Instant at(long millis) {
    return ModelState.START.plusMillis(millis);
  }
}
