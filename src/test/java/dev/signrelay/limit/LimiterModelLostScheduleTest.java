package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.Deliver;
import dev.signrelay.limit.ModelAction.Dispatch;
import dev.signrelay.limit.ModelAction.End;
import dev.signrelay.limit.ModelAction.NoteLine;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelAction.Resume;
import dev.signrelay.limit.ModelAction.SignNow;
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

  /** The process whose clock is ahead: it takes grants as far ahead as possible. */
  private static final int AHEAD = 0;

  /**
   * The process whose clock is behind: it calls, and begins a new schedule, as late as possible.
   */
  private static final int BEHIND = 1;

  @Test
  void theNewScheduleBeginsAfterAllGrantsThatMayHaveBeenGiven() {
    ModelState end =
        new ModelRun(
                List.of(1, 1),
                List.of(500, -500),
                List.of(
                    new Dispatch(AHEAD, 1, ANSWERED),
                    new Dispatch(AHEAD, 1, ANSWERED),
                    new NoteLine(BEHIND, ANSWERED),
                    seconds(18),
                    // The latency of this request is expected of the next one.
                    new NoteLine(AHEAD, new Requests(1, End.WAITS)),
                    seconds(1),
                    new Resume(AHEAD, 0, ANSWERED, Call.EARLY),
                    new Dispatch(AHEAD, 1, ANSWERED),
                    new Wipe(false),
                    new SignNow(BEHIND, ANSWERED, Call.EARLY),
                    seconds(112),
                    new Deliver(2, BEHIND, false, ANSWERED, Call.LATE),
                    new TimePasses(Duration.ofMillis(59_500)),
                    new SignNow(AHEAD, ANSWERED, Call.EARLY),
                    seconds(2),
                    new SignNow(AHEAD, ANSWERED, Call.EARLY)))
            .check(LimiterModel.production());

    assertThat(end.arrivals())
        .extracting(Arrival::at)
        .containsExactly(at(132_500).minusNanos(1), at(192_500));
  }

  private static Instant at(long millis) {
    return ModelState.START.plusMillis(millis);
  }

  private static TimePasses seconds(long seconds) {
    return new TimePasses(Duration.ofSeconds(seconds));
  }
}
