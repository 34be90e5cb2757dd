package dev.signrelay.limit;

import static dev.signrelay.limit.ModelAction.drain;
import static dev.signrelay.limit.ModelAction.note;
import static dev.signrelay.limit.SharedSchedule.FARTHEST_GRANT;
import static dev.signrelay.limit.SharedSchedule.MAX_WAIT;
import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.limit.BreadthFirstSearch.Next;
import dev.signrelay.limit.LimiterModel.Step;
import dev.signrelay.limit.ModelAction.Begin;
import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.End;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelAction.Resume;
import dev.signrelay.limit.ModelAction.Task;
import dev.signrelay.limit.ModelAction.TimePasses;
import dev.signrelay.limit.ModelAction.Wipe;
import dev.signrelay.limit.ModelState.Arrival;
import dev.signrelay.limit.ModelState.Granted;
import dev.signrelay.testing.Fuzz;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Model-checks the limiter: all short sequences of actions and random long ones, including failures
 * of the store, delayed and repeated requests, clocks that are set, a lost table and two limits.
 * {@code -Dmodel.depth=5} searches for longer counter-examples.
 */
final class LimiterModelTest {

  private static final LimiterModel MODEL = LimiterModel.production();

  @ParameterizedTest
  @EnumSource
  void noShortSequenceOfActionsBreaksAnInvariant(ModelScenario scenario) {
    ModelSearch search = scenario.search(MODEL);

    BreadthFirstSearch.Result result = search.run(scenario.depth());

    assertThat(search.counterExample(result)).isEmpty();
    assertThat(result.actions()).isGreaterThan(100);
  }

  @Test
  void noRandomRunBreaksAnInvariant() {
    Fuzz.check(900, ModelRuns::any, run -> run.check(MODEL));
  }

  // The worst case of a deleted schedule, which is too long for a search.

  /** The process whose clock is ahead. */
  private static final int AHEAD = 0;

  /** The process whose clock is behind: it begins a new schedule as early as possible. */
  private static final int BEHIND = 1;

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void theNewScheduleBeginsAfterAllGrantsThatMayHaveBeenTaken() {
    ModelState end = run(MAX_WAIT).check(MODEL);

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

    assertThatThrownBy(() -> run(tooFar).check(LimiterModel.waiting(tooFar)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("2 calls arrive within 60 s, where 1 are allowed");
  }

  /**
   * @param ahead how far ahead of its clock, besides the expected latency of a second, a process
   *     takes a grant before the table is lost
   */
  private static ModelRun run(Duration ahead) {
    Duration untilAhead = PERIOD.minus(SECOND).minus(ahead);
    return new ModelRun(
        List.of(1, 1),
        List.of(500, -500),
        List.of(
            drain(AHEAD, 1, Call.EARLY),
            note(BEHIND, 0),
            new TimePasses(untilAhead.minus(SECOND)),
            // The latency of this request is expected of the next one.
            new Begin(AHEAD, new Task.Note(1), new Requests(1, End.WAITS), Call.EARLY),
            new TimePasses(SECOND),
            new Resume(AHEAD, 0, Requests.ALL_ANSWERED, Call.EARLY),
            drain(AHEAD, 1, Call.LATE),
            new Wipe(),
            note(BEHIND, 1),
            new TimePasses(FARTHEST_GRANT.plus(PERIOD).minusSeconds(1)),
            drain(AHEAD, 1, Call.EARLY),
            new TimePasses(SECOND),
            drain(AHEAD, 1, Call.EARLY)));
  }

  private static Instant at(long millis) {
    return ModelState.START.plusMillis(millis);
  }

  /** Grants are taken far ahead, so that many can be taken at once. */
  private static final LimiterModel FAR_AHEAD = LimiterModel.waiting(Duration.ofDays(1));

  /** Whatever the order in which their requests reach the store. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void concurrentRequestsGetGrantsAtFullRateInAnyShortSequence(int calls) {
    var search =
        new BreadthFirstSearch(
            state -> ModelStateKey.of(state) + state.granted().size(),
            LimiterModelTest::concurrentRequests);

    ModelState start = ModelState.start(List.of(calls, calls), List.of(0, 0));
    assertThat(search.run(start, ModelScenario.ONE_CALL.depth() + 1).path()).isEmpty();
  }

  private static List<Next> concurrentRequests(ModelState state) {
    return IntStream.range(0, state.processes().size())
        .boxed()
        .flatMap(
            process ->
                Stream.of(
                        Requests.ALL_ANSWERED,
                        new Requests(0, End.WAITS),
                        new Requests(1, End.WAITS),
                        new Requests(2, End.WAITS),
                        new Requests(3, End.WAITS))
                    .map(
                        requests ->
                            state.processes().get(process).waiting().isEmpty()
                                ? new Begin(process, new Task.Drain(1), requests, Call.EARLY)
                                : new Resume(process, 0, requests, Call.EARLY)))
        .map(action -> next(state, action))
        .toList();
  }

  private static Next next(ModelState state, ModelAction action) {
    Step step = FAR_AHEAD.step(state, action);
    List<Instant> granted = step.state().granted().stream().map(Granted::from).toList();
    int calls = state.processes().getFirst().calls();
    return new Next(
        action,
        step.state(),
        !step.broken().isEmpty() || !granted.equals(fullRate(calls, granted.size())));
  }

  private static List<Instant> fullRate(int calls, int grants) {
    return IntStream.range(0, grants)
        .mapToObj(i -> ModelState.START.plus(PERIOD.multipliedBy(i / calls)))
        .toList();
  }
}
