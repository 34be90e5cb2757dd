package dev.signrelay.limit;

import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.ChangeLimit;
import dev.signrelay.limit.ModelAction.ClockStep;
import dev.signrelay.limit.ModelAction.Drain;
import dev.signrelay.limit.ModelAction.NoteLine;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelAction.Restart;
import dev.signrelay.limit.ModelAction.Resume;
import dev.signrelay.limit.ModelAction.SignNow;
import dev.signrelay.limit.ModelAction.TimePasses;
import dev.signrelay.limit.ModelAction.Wipe;
import dev.signrelay.limit.ModelState.Granted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A model of the system around the limiter: the true time, processes with separate clocks, a store,
 * and the upstream. A process calls with each grant at once. The limiters are the production code.
 *
 * @param flaw wraps the store with a defect; the identity for a correct store
 * @param checksClocks whether the client of the store compares the clocks
 */
record LimiterModel(
    Duration period,
    UnaryOperator<ScheduleStore> flaw,
    boolean checksClocks,
    ModelWorkflow workflow) {

  /** How far the clock of the store is ahead of the true time. */
  private static final Duration STORE_SKEW = Duration.ofMillis(500);

  /** The production limiter with a correct store. */
  static LimiterModel production() {
    return new LimiterModel(
        SlidingWindowLimiter.PERIOD, store -> store, true, ModelWorkflow::asInTheFunctions);
  }

  /** Performs an action. */
  ModelStep step(ModelState state, ModelAction action) {
    return switch (action) {
      case TimePasses(Duration time) -> ModelStep.to(state.withNow(state.now().plus(time)));
      case ClockStep(int process, Duration step) -> clockStep(state, at(state, process), step);
      case Restart(int process) -> restart(state, at(state, process), Optional.empty());
      case ChangeLimit(int process, int calls) ->
          restart(state, at(state, process), Optional.of(calls));
      case Wipe() -> wipe(state);
      case SignNow(int process, Requests requests, Call call) ->
          begin(state, process, new ModelTask.Sign(), requests, call);
      case Drain(int process, int jobs, Requests requests, Call call) ->
          begin(state, process, new ModelTask.Line(jobs), requests, call);
      case NoteLine(int process, int jobs, Requests requests) ->
          begin(state, process, new ModelTask.Note(jobs), requests, Call.EARLY);
      case Resume resume -> resume(state, resume);
    };
  }

  private static ModelStep clockStep(ModelState state, int number, Duration step) {
    Duration skew = state.processes().get(number).skew().plus(step);
    return skew.abs().multipliedBy(2).compareTo(ModelState.CLOCK_RANGE) > 0
        ? ModelStep.impossible(state)
        : ModelStep.to(state.withProcess(number, p -> p.withSkew(skew)));
  }

  /** A process that does not know of a lost schedule would begin a new one at once. */
  private static ModelStep restart(ModelState state, int number, Optional<Integer> limit) {
    return state.isWiped()
        ? ModelStep.impossible(state)
        : ModelStep.to(state.withProcess(number, p -> p.restarted(limit.orElse(p.calls()))));
  }

  private static ModelStep wipe(ModelState state) {
    return state.processes().stream().allMatch(ModelProcess::knowsTheSchedule)
        ? ModelStep.to(state.withStored(null))
        : ModelStep.impossible(state);
  }

  private ModelStep resume(ModelState state, Resume resume) {
    int number = at(state, resume.process());
    List<ModelOperation> waiting = state.processes().get(number).waiting();
    if (waiting.isEmpty()) {
      return ModelStep.impossible(state);
    }
    ModelOperation operation = waiting.get(resume.operation() % waiting.size());
    ModelStep step =
        proceed(
            state.withProcess(number, p -> p.without(operation)),
            number,
            operation,
            resume.requests(),
            resume.call());
    return forgetsAnAsk(state.stored(), step.state().stored()) ? ModelStep.impossible(state) : step;
  }

  /** A note that arrives so late that another process has asked since would tell an old time. */
  private static boolean forgetsAnAsk(
      @Nullable RateLimitState before, @Nullable RateLimitState after) {
    return before != null
        && after != null
        && after.askedAt().plus(ModelState.CLOCK_RANGE).isBefore(before.askedAt());
  }

  private ModelStep begin(
      ModelState state, int index, ModelTask task, Requests requests, Call call) {
    ModelProcess process = process(state, index);
    return proceed(
        state.withNextOperation(),
        at(state, index),
        new ModelOperation(
            task, state.operations(), process.memory(), process.clock(state.now()), List.of()),
        requests,
        call);
  }

  private ModelStep proceed(
      ModelState state, int number, ModelOperation operation, Requests requests, Call call) {
    ModelProcess process = state.processes().get(number);
    Instant clock = process.clock(state.now());
    var store =
        new ModelStore(
            state.stored(),
            flaw,
            state.now().plus(STORE_SKEW),
            clock,
            checksClocks,
            process.memory(),
            requests);
    ModelOperation.Run run = operation.run(process.calls(), period, workflow, store, clock);
    ModelState after =
        state.withStored(store.stored()).withProcess(number, p -> p.withMemory(store.memory()));
    List<Granted> given =
        ModelGrants.of(
            run.given(), after, after.processes().get(number), process.trueTime(store.asked()));
    var broken = new ArrayList<>(run.broken());
    ModelGrants.check(state.granted(), given, broken);
    if (operation.task() instanceof ModelTask.Sign
        && !given.isEmpty()
        && store.waitingBefore() > 0) {
      broken.add("a newcomer is granted a call while jobs wait in line");
    }
    return result(after.withGranted(given), number, run, call, store.allRequestsWereSent(), broken);
  }

  private static ModelStep result(
      ModelState after,
      int number,
      ModelOperation.Run run,
      Call call,
      boolean exact,
      List<String> broken) {
    return run.calls() == null
        ? new ModelStep(
            after.withProcess(number, p -> p.withWaiting(run.operation())),
            () -> "waits",
            false,
            exact,
            broken)
        : ModelUpstream.call(
            after, after.processes().get(number), run.calls(), call, exact, broken);
  }

  private static ModelProcess process(ModelState state, int index) {
    return state.processes().get(at(state, index));
  }

  private static int at(ModelState state, int process) {
    return process % state.processes().size();
  }
}
