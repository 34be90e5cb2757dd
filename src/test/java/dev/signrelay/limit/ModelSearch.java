package dev.signrelay.limit;

import dev.signrelay.limit.BreadthFirstSearch.Next;
import dev.signrelay.limit.LimiterModel.Step;
import dev.signrelay.limit.ModelAction.Begin;
import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.ChangeLimit;
import dev.signrelay.limit.ModelAction.ClockStep;
import dev.signrelay.limit.ModelAction.End;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelAction.Restart;
import dev.signrelay.limit.ModelAction.Resume;
import dev.signrelay.limit.ModelAction.Task;
import dev.signrelay.limit.ModelAction.TimePasses;
import dev.signrelay.limit.ModelAction.Wipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * The search for the shortest sequence of actions that breaks an invariant of the limiter.
 *
 * <p>It is bounded: each process runs one operation at a time, at most one request to the store is
 * delayed, a drain run holds two jobs, and time passes in a few fixed steps.
 *
 * @param limits of the processes
 * @param skewsMillis of their clocks
 * @param events further actions
 * @param before the actions that lead to the state in which the search begins
 */
record ModelSearch(
    LimiterModel model,
    List<Integer> limits,
    List<Integer> skewsMillis,
    List<Event> events,
    List<ModelAction> before) {

  /** Kinds of actions that are only part of some searches, because they make a search large. */
  enum Event {
    /** Clocks are set by half a second. */
    CLOCK_STEPS,
    /** The table loses its contents. */
    WIPES,
    /** Processes are replaced by processes with a limit of 1 or 2. */
    LIMITS_CHANGE
  }

  private static final int JOBS = 2;

  private static final List<Duration> TIMES =
      List.of(Duration.ofSeconds(1), Duration.ofSeconds(60), SlidingWindowLimiter.PERIOD);

  private static final Duration LOWER_LIMIT_IS_OVER =
      SharedSchedule.LOWER_LIMIT_HOLDS.plusMillis(1);

  private static final List<Duration> CLOCK_STEPS =
      List.of(Duration.ofMillis(500), Duration.ofMillis(-500));

  private static final List<Requests> REQUESTS =
      List.of(
          Requests.ALL_ANSWERED,
          new Requests(0, End.WAITS),
          new Requests(1, End.WAITS),
          new Requests(0, End.REPETITION_WAITS),
          new Requests(1, End.REPETITION_WAITS),
          new Requests(0, End.ANSWER_LOST),
          new Requests(1, End.ANSWER_LOST),
          new Requests(0, End.FAILS));

  /** A search with two processes and the maximum difference between their clocks. */
  static ModelSearch of(LimiterModel model, int calls, Event... events) {
    return of(model, List.of(calls, calls), List.of(-500, 500), events);
  }

  static ModelSearch of(
      LimiterModel model, List<Integer> limits, List<Integer> skewsMillis, Event... events) {
    return new ModelSearch(model, limits, skewsMillis, List.of(events), List.of());
  }

  /** The same search from a later state. */
  ModelSearch after(ModelAction... actions) {
    return new ModelSearch(model, limits, skewsMillis, events, List.of(actions));
  }

  ModelState start() {
    return new ModelRun(limits, skewsMillis, before).check(model);
  }

  BreadthFirstSearch.Result run(int depth) {
    return new BreadthFirstSearch(ModelStateKey::of, this::next).run(start(), depth);
  }

  /** Describes the actions and effects of a counter-example, if one was found. */
  Optional<String> counterExample(BreadthFirstSearch.Result result) {
    return result
        .path()
        .map(found -> Stream.concat(before.stream(), found.stream()).toList())
        .map(actions -> new ModelRun(limits, skewsMillis, actions).description(model));
  }

  /** The actions that are possible in a state, with their effects. */
  List<Next> next(ModelState state) {
    var next = new ArrayList<Next>();
    for (int number = 0; number < state.processes().size(); number++) {
      addOperations(next, state, number);
      addEvents(next, state, number);
    }
    TIMES.forEach(time -> add(next, state, new TimePasses(time)));
    if (state.processes().stream().map(ModelProcess::calls).distinct().count() > 1) {
      add(next, state, new TimePasses(LOWER_LIMIT_IS_OVER));
    }
    if (events.contains(Event.WIPES) && state.stored() != null) {
      add(next, state, new Wipe());
    }
    return next;
  }

  private void addOperations(List<Next> next, ModelState state, int process) {
    if (!state.processes().get(process).waiting().isEmpty()) {
      add(next, state, (requests, call) -> new Resume(process, 0, requests, call));
      return;
    }
    for (Task task : List.of(new Task.Sign(), new Task.Drain(JOBS))) {
      add(next, state, (requests, call) -> new Begin(process, task, requests, call));
    }
    add(next, state, ModelAction.note(process, 0));
    add(next, state, ModelAction.note(process, JOBS));
  }

  private void addEvents(List<Next> next, ModelState state, int process) {
    ModelProcess present = state.processes().get(process);
    if (!present.equals(present.restarted(present.calls()))) {
      add(next, state, new Restart(process));
    }
    if (events.contains(Event.CLOCK_STEPS)) {
      CLOCK_STEPS.forEach(step -> add(next, state, new ClockStep(process, step)));
    }
    if (events.contains(Event.LIMITS_CHANGE)) {
      List.of(1, 2).forEach(limit -> add(next, state, new ChangeLimit(process, limit)));
    }
  }

  private void add(
      List<Next> next, ModelState state, BiFunction<Requests, Call, ModelAction> actions) {
    boolean isOneDelayed = state.processes().stream().anyMatch(p -> !p.waiting().isEmpty());
    for (Requests requests : REQUESTS) {
      if (isOneDelayed && requests.oneWaits()) {
        continue;
      }
      if (add(next, state, actions.apply(requests, Call.EARLY))) {
        add(next, state, actions.apply(requests, Call.LATE));
      }
    }
  }

  /** Returns whether the action led to a call. */
  private boolean add(List<Next> next, ModelState state, ModelAction action) {
    Step step = model.step(state, action);
    if (step.exact()) {
      next.add(new Next(action, step.state(), !step.broken().isEmpty()));
    }
    return step.exact() && step.called();
  }
}
