package dev.signrelay.limit;

import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.ChangeLimit;
import dev.signrelay.limit.ModelAction.ClockStep;
import dev.signrelay.limit.ModelAction.Deliver;
import dev.signrelay.limit.ModelAction.Dispatch;
import dev.signrelay.limit.ModelAction.NoteLine;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelAction.Restart;
import dev.signrelay.limit.ModelAction.Resume;
import dev.signrelay.limit.ModelAction.SignNow;
import dev.signrelay.limit.ModelAction.SignOrQueue;
import dev.signrelay.limit.ModelAction.TimePasses;
import dev.signrelay.limit.ModelAction.Wipe;
import dev.signrelay.limit.ModelState.Granted;
import dev.signrelay.limit.ModelWorkflow.Result.Called;
import dev.signrelay.limit.ModelWorkflow.Result.NotGranted;
import dev.signrelay.limit.ModelWorkflow.Result.Queued;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A model of the system around the limiter: the true time, processes with separate clocks, a store,
 * a queue that delivers any message at any time, and the upstream. The limiters are the production
 * code.
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
      case Wipe(boolean claims) -> wipe(state, claims);
      case SignNow(int process, Requests requests, Call call) ->
          begin(state, process, signed(null), requests, call);
      case SignOrQueue(int process, Requests requests, Call call) ->
          begin(state, process, signed(ModelWorkflow.JOB), requests, call);
      case Dispatch(int process, int jobs, Requests requests) ->
          begin(state, process, new ModelTask.Line(jobs), requests, Call.EARLY);
      case NoteLine(int process, Requests requests) ->
          begin(state, process, new ModelTask.Note(1), requests, Call.EARLY);
      case Deliver delivery when !state.queue().isEmpty() -> deliver(state, delivery);
      case Deliver _ -> ModelStep.impossible(state);
      case Resume resume -> resume(state, resume);
    };
  }

  private static ModelTask signed(@Nullable NeedsSignature job) {
    return new ModelTask.Sign(job, ModelWorkflow.SIGN_FUNCTION_WAIT);
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

  private static ModelStep wipe(ModelState state, boolean claims) {
    if (!state.processes().stream().allMatch(ModelProcess::knowsTheSchedule)) {
      return ModelStep.impossible(state);
    }
    var left = new MemoryScheduleStore.Contents(null, claims ? Map.of() : state.store().claims());
    Duration time = claims ? Wipe.REPLACEMENT : Duration.ZERO;
    return ModelStep.to(state.withStore(left).withNow(state.now().plus(time)));
  }

  private ModelStep deliver(ModelState state, Deliver delivery) {
    int number = delivery.message() % state.queue().size();
    NeedsSignature job = state.queue().get(number);
    ModelState before = delivery.again() ? state : state.withoutMessage(number);
    Instant clock = process(state, delivery.process()).clock(state.now());
    return ModelWorkflow.POLICY.waitUntilDue(job, clock).isPresent()
        ? ModelStep.impossible(state)
        : begin(
            before,
            delivery.process(),
            new ModelTask.Sign(job, ModelWorkflow.RETRY_FUNCTION_WAIT),
            delivery.requests(),
            delivery.call());
  }

  private ModelStep resume(ModelState state, Resume resume) {
    int number = at(state, resume.process());
    List<ModelOperation> waiting = state.processes().get(number).waiting();
    if (waiting.isEmpty()) {
      return ModelStep.impossible(state);
    }
    ModelOperation operation = waiting.get(resume.operation() % waiting.size());
    return proceed(
        state.withProcess(number, p -> p.without(operation)),
        number,
        operation,
        resume.requests(),
        resume.call());
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
            state.store(),
            flaw,
            state.now().plus(STORE_SKEW),
            clock,
            checksClocks,
            process.memory(),
            requests);
    ModelOperation.Run run = operation.run(process.calls(), period, workflow, store, clock);
    ModelState after =
        state.withStore(store.contents()).withProcess(number, p -> p.withMemory(store.memory()));
    List<Granted> given =
        ModelGrants.of(
            run.given(), after, after.processes().get(number), process.trueTime(store.asked()));
    var broken = new ArrayList<>(run.broken());
    ModelGrants.check(state.granted(), given, broken);
    return result(after.withGranted(given), number, run, call, store.allRequestsWereSent(), broken);
  }

  private static ModelStep result(
      ModelState after,
      int number,
      ModelOperation.Run run,
      Call call,
      boolean exact,
      List<String> broken) {
    return switch (run.result()) {
      case null ->
          new ModelStep(
              after.withProcess(number, p -> p.withWaiting(run.operation())),
              () -> "waits",
              false,
              exact,
              broken);
      case NotGranted _ -> new ModelStep(after, () -> "no grant", false, exact, broken);
      case Queued(List<NeedsSignature> jobs) ->
          new ModelStep(
              after.withMessages(jobs),
              () -> "queued with " + jobs.stream().map(ModelUpstream::grant).toList(),
              false,
              exact,
              broken);
      case Called called ->
          ModelUpstream.call(after, after.processes().get(number), called, call, exact, broken);
    };
  }

  private static ModelProcess process(ModelState state, int index) {
    return state.processes().get(at(state, index));
  }

  private static int at(ModelState state, int process) {
    return process % state.processes().size();
  }
}
