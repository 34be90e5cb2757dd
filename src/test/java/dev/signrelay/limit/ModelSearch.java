package dev.signrelay.limit;

import dev.signrelay.limit.BreadthFirstSearch.Next;
import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.ChangeLimit;
import dev.signrelay.limit.ModelAction.Deliver;
import dev.signrelay.limit.ModelAction.End;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelAction.Restart;
import dev.signrelay.limit.ModelAction.Resume;
import dev.signrelay.limit.ModelAction.SignNow;
import dev.signrelay.limit.ModelAction.SignOrQueue;
import dev.signrelay.limit.ModelAction.TimePasses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The search for the shortest sequence of actions that breaks an invariant of the limiter.
 *
 * <p>It is bounded: each process runs one operation at a time, at most one request to the store is
 * delayed, the queue holds at most two messages, and time passes in a few fixed steps. Only the
 * earliest and the latest time of a call are tried; other times cannot break more. Processes that
 * exit before their call are omitted, because fewer calls cannot break more.
 *
 * @param limits the limits to which a process can change
 */
record ModelSearch(LimiterModel model, int calls, List<Integer> skewsMillis, List<Integer> limits) {

  private static final int MAX_MESSAGES = 2;

  private static final List<Duration> TIMES =
      List.of(Duration.ofSeconds(1), Duration.ofSeconds(60), SlidingWindowLimiter.PERIOD);

  private static final List<Requests> REQUESTS =
      List.of(
          Requests.ALL_ANSWERED,
          new Requests(0, End.WAITS),
          new Requests(1, End.WAITS),
          new Requests(0, End.ANSWER_LOST),
          new Requests(1, End.ANSWER_LOST),
          new Requests(0, End.FAILS));

  /** A search with two processes and the maximum difference between their clocks. */
  static ModelSearch of(LimiterModel model, int calls) {
    return new ModelSearch(model, calls, List.of(-500, 500), List.of());
  }

  BreadthFirstSearch.Result<ModelAction> run(int depth) {
    return new BreadthFirstSearch<>(ModelStateKey::of, this::next)
        .run(ModelState.start(calls, skewsMillis), depth);
  }

  /** Describes the actions and effects of a counter-example, if one was found. */
  Optional<String> counterExample(BreadthFirstSearch.Result<ModelAction> result) {
    return result
        .path()
        .map(actions -> new ModelRun(calls, skewsMillis, actions).description(model));
  }

  /** The actions that are possible in a state, with their effects. */
  List<Next<ModelState, ModelAction>> next(ModelState state) {
    var next = new ArrayList<Next<ModelState, ModelAction>>();
    for (int number = 0; number < state.processes().size(); number++) {
      int process = number;
      if (!state.processes().get(number).waiting().isEmpty()) {
        add(next, state, (requests, call) -> new Resume(process, 0, requests, call));
      } else {
        add(next, state, (requests, call) -> new SignNow(process, requests, call));
        if (state.queue().size() < MAX_MESSAGES) {
          add(next, state, (requests, call) -> new SignOrQueue(process, requests, call));
        }
        for (int i = 0; i < state.queue().size(); i++) {
          int message = i;
          add(next, state, (r, call) -> new Deliver(message, process, false, r, call));
          if (state.queue().size() < MAX_MESSAGES) {
            add(next, state, (r, call) -> new Deliver(message, process, true, r, call));
          }
        }
      }
      if (!state.processes().get(number).equals(state.processes().get(number).restarted())) {
        add(next, state, new Restart(process));
      }
      limits.forEach(limit -> add(next, state, new ChangeLimit(process, limit)));
    }
    TIMES.forEach(time -> add(next, state, new TimePasses(time)));
    return next;
  }

  private void add(
      List<Next<ModelState, ModelAction>> next,
      ModelState state,
      BiFunction<Requests, Call, ModelAction> actions) {
    boolean isOneDelayed = state.processes().stream().anyMatch(p -> !p.waiting().isEmpty());
    for (Requests requests : REQUESTS) {
      if (isOneDelayed && requests.end() == End.WAITS) {
        continue;
      }
      if (add(next, state, actions.apply(requests, Call.EARLY))) {
        add(next, state, actions.apply(requests, Call.LATE));
      }
    }
  }

  /** Returns whether the action led to a call. */
  private boolean add(
      List<Next<ModelState, ModelAction>> next, ModelState state, ModelAction action) {
    ModelStep step = model.step(state, action);
    if (step.exact()) {
      next.add(new Next<>(action, step.state(), !step.broken().isEmpty()));
    }
    return step.exact() && step.called();
  }
}
