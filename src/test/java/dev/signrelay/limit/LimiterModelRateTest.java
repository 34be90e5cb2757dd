package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.BreadthFirstSearch.Next;
import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.Drain;
import dev.signrelay.limit.ModelAction.End;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelAction.Resume;
import dev.signrelay.limit.ModelState.Granted;
import dev.signrelay.testing.Fuzz;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processes that take grants at the same time get them at the full rate, whatever the order in
 * which their requests reach the store.
 */
final class LimiterModelRateTest {

  private static final int RUNS = 100;

  /** Grants are taken far ahead, so that many can be taken at once. */
  private static final LimiterModel MODEL = FarAhead.model(Duration.ofDays(1));

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void concurrentRequestsGetGrantsAtFullRateInAnyShortSequence(int calls) {
    var search =
        new BreadthFirstSearch<ModelState, ModelAction>(
            state -> ModelStateKey.of(state, false) + state.granted().size(),
            LimiterModelRateTest::concurrentRequests);

    ModelState start = ModelState.start(List.of(calls, calls), List.of(0, 0));
    assertThat(search.run(start, ModelScenario.ONE_CALL.depth() + 1).path()).isEmpty();
  }

  @Test
  void concurrentRequestsGetGrantsAtFullRateInAnyRandomRun() {
    Fuzz.check(
        RUNS,
        ModelRuns::atOnce,
        run -> {
          int calls = run.limits().getFirst();
          var actions = new ArrayList<>(run.actions());
          actions.addAll(
              Collections.nCopies(6 * calls, new Drain(0, 1, Requests.ALL_ANSWERED, Call.EARLY)));
          ModelState end = new ModelRun(run.limits(), run.skewsMillis(), actions).check(MODEL);
          assertThat(end.granted()).hasSizeGreaterThanOrEqualTo(6 * calls);
          assertThat(times(end.granted())).isEqualTo(fullRate(calls, end.granted().size()));
        });
  }

  private static List<Next<ModelState, ModelAction>> concurrentRequests(ModelState state) {
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
                                ? new Drain(process, 1, requests, Call.EARLY)
                                : new Resume(process, 0, requests, Call.EARLY)))
        .map(action -> next(state, action))
        .toList();
  }

  private static Next<ModelState, ModelAction> next(ModelState state, ModelAction action) {
    ModelStep step = MODEL.step(state, action);
    List<Instant> granted = times(step.state().granted());
    int calls = state.processes().getFirst().calls();
    return new Next<>(
        action,
        step.state(),
        !step.broken().isEmpty() || !granted.equals(fullRate(calls, granted.size())));
  }

  private static List<Instant> times(List<Granted> granted) {
    return granted.stream().map(Granted::from).toList();
  }

  private static List<Instant> fullRate(int calls, int grants) {
    return IntStream.range(0, grants)
        .mapToObj(i -> ModelState.START.plus(PERIOD.multipliedBy(i / calls)))
        .toList();
  }
}
