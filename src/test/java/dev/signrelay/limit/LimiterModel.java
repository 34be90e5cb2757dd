package dev.signrelay.limit;

import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.ChangeLimit;
import dev.signrelay.limit.ModelAction.Deliver;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelAction.Restart;
import dev.signrelay.limit.ModelAction.Resume;
import dev.signrelay.limit.ModelAction.SignNow;
import dev.signrelay.limit.ModelAction.SignOrQueue;
import dev.signrelay.limit.ModelAction.TimePasses;
import dev.signrelay.limit.ModelWorkflow.Result.Called;
import dev.signrelay.limit.ModelWorkflow.Result.NotGranted;
import dev.signrelay.limit.ModelWorkflow.Result.Requeued;
import dev.signrelay.limit.ModelWorkflow.Task;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A model of the system around the limiter: the true time, processes with separate clocks, a store,
 * a queue that delivers any message at any time, and the upstream. The limiters are the production
 * code.
 *
 * @param flaw wraps the store with a defect; the identity for a correct store
 */
record LimiterModel(Duration period, UnaryOperator<ScheduleStore> flaw, ModelWorkflow workflow) {

  /** How far the clock of the store is ahead of the true time. */
  private static final Duration STORE_SKEW = Duration.ofMillis(500);

  private static final NeedsSignature JOB =
      NeedsSignature.first(
          new Acceptance("job", URI.create("https://example.com/"), ModelState.START), "message");

  /** The production limiter with a correct store. */
  static LimiterModel production() {
    return new LimiterModel(
        SlidingWindowLimiter.PERIOD, store -> store, ModelWorkflow::asInTheFunctions);
  }

  /** Performs an action. */
  ModelStep step(ModelState state, ModelAction action) {
    return switch (action) {
      case TimePasses(Duration time) -> ModelStep.to(state.withNow(state.now().plus(time)));
      case Restart(int process) ->
          ModelStep.to(state.withProcess(at(state, process), ModelProcess::restarted));
      case ChangeLimit(int process, int calls) ->
          ModelStep.to(state.withProcess(at(state, process), p -> p.restarted(calls)));
      case SignNow(int process, Requests requests, Call call) ->
          begin(
              state,
              at(state, process),
              new Task(null, ModelWorkflow.SIGN_FUNCTION_WAIT),
              requests,
              call);
      case SignOrQueue(int process, Requests requests, Call call) ->
          begin(
              state,
              at(state, process),
              new Task(JOB, ModelWorkflow.SIGN_FUNCTION_WAIT),
              requests,
              call);
      case Deliver delivery when !state.queue().isEmpty() -> deliver(state, delivery);
      case Deliver _ -> ModelStep.impossible(state);
      case Resume resume -> resume(state, resume);
    };
  }

  private ModelStep deliver(ModelState state, Deliver delivery) {
    int number = delivery.message() % state.queue().size();
    NeedsSignature job = state.queue().get(number);
    ModelState before = delivery.again() ? state : state.withoutMessage(number);
    int process = at(state, delivery.process());
    Optional<Requeue> wait =
        ModelWorkflow.POLICY.waitUntilDue(job, state.processes().get(process).clock(state.now()));
    return wait.isPresent()
        ? ModelStep.impossible(before.withMessage((NeedsSignature) wait.get().job()))
        : begin(
            before,
            process,
            new Task(job, ModelWorkflow.RETRY_FUNCTION_WAIT),
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

  private ModelStep begin(ModelState state, int number, Task task, Requests requests, Call call) {
    ModelProcess process = state.processes().get(number);
    return proceed(
        state.withNextOperation(),
        number,
        new ModelOperation(
            task, state.operations(), process.seen(), process.clock(state.now()), List.of()),
        requests,
        call);
  }

  private ModelStep proceed(
      ModelState state, int number, ModelOperation operation, Requests requests, Call call) {
    ModelProcess process = state.processes().get(number);
    var store =
        new ModelStore(
            state.store(), () -> state.now().plus(STORE_SKEW), flaw, process.seen(), requests);
    ModelOperation.Run run =
        operation.run(process.calls(), period, workflow, store, process.clock(state.now()));
    var broken = new ArrayList<>(run.broken());
    ModelState after =
        state
            .withStore(store.contents(), store.granted())
            .withProcess(number, p -> p.withSeen(store.seen()));
    ModelUpstream.checkOrder(state.granted(), store.granted(), broken);
    return switch (run.result()) {
      case null ->
          new ModelStep(
              after.withProcess(number, p -> p.withWaiting(run.operation())),
              () -> "waits",
              false,
              store.allRequestsWereSent(),
              broken);
      case NotGranted _ ->
          new ModelStep(after, () -> "no grant", false, store.allRequestsWereSent(), broken);
      case Requeued(NeedsSignature job) ->
          new ModelStep(
              after.withMessage(job),
              () ->
                  job.grant() == null
                      ? "queued without a grant"
                      : "queued with " + ModelUpstream.description(job.grant()),
              false,
              store.allRequestsWereSent(),
              broken);
      case Called called ->
          ModelUpstream.call(
              after, process, called, run.used(), call, store.allRequestsWereSent(), broken);
    };
  }

  private static int at(ModelState state, int process) {
    return process % state.processes().size();
  }
}
