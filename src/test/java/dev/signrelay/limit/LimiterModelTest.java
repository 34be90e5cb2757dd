package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.BreadthFirstSearch.Next;
import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.End;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelAction.Resume;
import dev.signrelay.limit.ModelAction.SignOrQueue;
import dev.signrelay.limit.ModelState.Granted;
import dev.signrelay.testing.Fuzz;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Model-checks the limiter: all short sequences of actions and random long ones, including failures
 * of the store, delayed requests and duplicate messages. {@code -Dmodel.depth=6} searches for
 * longer counter-examples.
 */
final class LimiterModelTest {

  private static final int DEPTH = Integer.getInteger("model.depth", 5);
  private static final int RUNS = 3_000;
  private static final LimiterModel MODEL = LimiterModel.production();

  @Test
  void noShortSequenceOfActionsBreaksAnInvariant() {
    findsNothing(ModelSearch.of(MODEL, 1), DEPTH);
  }

  @Test
  void noShortSequenceWithALimitOfTwoBreaksAnInvariant() {
    findsNothing(ModelSearch.of(MODEL, 2), DEPTH - 1);
  }

  @Test
  void noShortSequenceOfThreeProcessesBreaksAnInvariant() {
    findsNothing(new ModelSearch(MODEL, 1, List.of(-500, 500, 0), List.of()), DEPTH - 1);
  }

  @Test
  void noShortSequenceWithAChangeOfTheLimitBreaksAnInvariant() {
    findsNothing(new ModelSearch(MODEL, 1, List.of(-500, 500), List.of(1, 2)), DEPTH - 1);
  }

  @Test
  void noRandomRunBreaksAnInvariant() {
    Fuzz.check(RUNS, ModelRuns::any, run -> run.check(MODEL));
  }

  @Test
  void noRandomRunWithChangesOfTheLimitBreaksAnInvariant() {
    Fuzz.check(RUNS, ModelRuns::withOtherLimits, run -> run.check(MODEL));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void concurrentRequestsGetGrantsAtFullRateInAnyShortSequence(int calls) {
    var search =
        new BreadthFirstSearch<ModelState, ModelAction>(
            state -> ModelStateKey.of(state) + state.granted().size(),
            LimiterModelTest::concurrentRequests);

    assertThat(search.run(ModelState.start(calls, List.of(0, 0)), DEPTH + 1).path()).isEmpty();
  }

  @Test
  void concurrentRequestsGetGrantsAtFullRateInAnyRandomRun() {
    Fuzz.check(
        RUNS / 10,
        ModelRuns::atOnce,
        run -> {
          var actions = new ArrayList<>(run.actions());
          IntStream.range(0, 6 * run.calls())
              .forEach(i -> actions.add(new SignOrQueue(i, Requests.ALL_ANSWERED, Call.EARLY)));
          ModelState end = new ModelRun(run.calls(), run.skewsMillis(), actions).check(MODEL);
          assertThat(end.granted()).hasSizeGreaterThanOrEqualTo(6 * run.calls());
          assertThat(times(end.granted())).isEqualTo(fullRate(run.calls(), end.granted().size()));
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
                        new Requests(2, End.WAITS))
                    .map(
                        requests ->
                            state.processes().get(process).waiting().isEmpty()
                                ? new SignOrQueue(process, requests, Call.EARLY)
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

  private static void findsNothing(ModelSearch search, int depth) {
    BreadthFirstSearch.Result<ModelAction> result = search.run(depth);
    assertThat(search.counterExample(result)).isEmpty();
    assertThat(result.states()).isGreaterThan(1_000);
  }
}
