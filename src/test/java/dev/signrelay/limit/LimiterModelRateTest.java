package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.BreadthFirstSearch.Next;
import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.Dispatch;
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

  private static final int DEPTH = Integer.getInteger("model.depth", 5);
  private static final int RUNS = 300;

  /** Grants are taken up to an hour ahead, so that many can be taken at once. */
  private static final LimiterModel MODEL =
      new LimiterModel(
          PERIOD,
          store -> store,
          true,
          (task, limiter, time) ->
              ModelWorkflow.asInTheFunctions(task, new FarAhead(limiter), time));

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void concurrentRequestsGetGrantsAtFullRateInAnyShortSequence(int calls) {
    var search =
        new BreadthFirstSearch<ModelState, ModelAction>(
            state -> ModelStateKey.of(state, false) + state.granted().size(),
            LimiterModelRateTest::concurrentRequests);

    ModelState start = ModelState.start(List.of(calls, calls), List.of(0, 0));
    assertThat(search.run(start, DEPTH + 1).path()).isEmpty();
  }

  @Test
  void concurrentRequestsGetGrantsAtFullRateInAnyRandomRun() {
    Fuzz.check(
        RUNS,
        ModelRuns::atOnce,
        run -> {
          int calls = run.limits().getFirst();
          var actions = new ArrayList<>(run.actions());
          actions.addAll(Collections.nCopies(6 * calls, new Dispatch(0, 1, Requests.ALL_ANSWERED)));
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
                                ? new Dispatch(process, 1, requests)
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
    Instant first = ModelState.START.plus(GrantWindow.AHEAD.from());
    return IntStream.range(0, grants)
        .mapToObj(i -> first.plus(PERIOD.multipliedBy(i / calls)))
        .toList();
  }

  private record FarAhead(RateLimiter limiter) implements RateLimiter {

    @Override
    public List<Grant> acquireForLine(int count, GrantWindow window, Duration timeout) {
      return limiter.acquireForLine(
          count, new GrantWindow(window.from(), Duration.ofDays(1), false), timeout);
    }

    @Override
    public Answer acquire(GrantWindow window, Duration timeout) {
      return limiter.acquire(window, timeout);
    }

    @Override
    public boolean claim(Grant grant, Duration timeout) {
      return limiter.claim(grant, timeout);
    }

    @Override
    public LineStatus noteLine(long waiting, GrantWindow window, Duration timeout) {
      return limiter.noteLine(waiting, window, timeout);
    }
  }
}
