package dev.signrelay.limit;

import static dev.signrelay.limit.SharedSchedule.MAX_WAIT;
import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.ModelAction.Begin;
import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.ChangeLimit;
import dev.signrelay.limit.ModelAction.ClockStep;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelAction.Restart;
import dev.signrelay.limit.ModelAction.Resume;
import dev.signrelay.limit.ModelAction.Task;
import dev.signrelay.limit.ModelAction.TimePasses;
import dev.signrelay.limit.ModelAction.Wipe;
import dev.signrelay.limit.ModelProcess.Memory;
import dev.signrelay.limit.ModelProcess.Operation;
import dev.signrelay.limit.ModelState.Arrival;
import dev.signrelay.limit.ModelState.Granted;
import dev.signrelay.limit.ModelWorkflow.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A model of the system around the limiter: the true time, processes with separate clocks, a store,
 * and the upstream. A process calls with each grant at once. The limiters are the production code.
 *
 * @param flaw wraps the store with a defect; the identity for a correct store
 * @param checksClocks whether the client of the store compares the clocks
 * @param lineWait the longest wait of a drain run for a grant
 * @param late how long after a grant has expired it is still used
 */
record LimiterModel(
    Duration period,
    UnaryOperator<ScheduleStore> flaw,
    boolean checksClocks,
    Duration lineWait,
    Duration late) {

  /**
   * The effect of an action.
   *
   * @param called whether a call began, so that its time matters
   * @param exact whether the action took place exactly as specified
   * @param broken the invariants that are broken
   */
  record Step(ModelState state, boolean called, boolean exact, List<String> broken) {

    static Step to(ModelState state) {
      return new Step(state, false, true, List.of());
    }

    static Step impossible(ModelState state) {
      return new Step(state, false, false, List.of());
    }
  }

  /** The production limiter with a correct store. */
  static LimiterModel production() {
    return waiting(MAX_WAIT);
  }

  /** The same, with another longest wait of drain runs. */
  static LimiterModel waiting(Duration lineWait) {
    return new LimiterModel(PERIOD, store -> store, true, lineWait, Duration.ZERO);
  }

  /** Performs an action. */
  Step step(ModelState state, ModelAction action) {
    return switch (action) {
      case TimePasses(Duration time) -> Step.to(state.withNow(state.now().plus(time)));
      case ClockStep(int process, Duration step) -> clockStep(state, at(state, process), step);
      case Restart(int process) -> restart(state, process, process(state, process).calls());
      case ChangeLimit(int process, int calls) -> restart(state, process, calls);
      case Wipe() -> wipe(state);
      case Begin begin -> begin(state, begin);
      case Resume resume -> resume(state, resume);
    };
  }

  private static Step clockStep(ModelState state, int number, Duration step) {
    Duration skew = state.processes().get(number).skew().plus(step);
    return skew.abs().multipliedBy(2).compareTo(ModelState.CLOCK_RANGE) > 0
        ? Step.impossible(state)
        : Step.to(state.withProcess(number, p -> p.withSkew(skew)));
  }

  /** A process that does not know of a lost schedule would begin a new one at once. */
  private static Step restart(ModelState state, int process, int calls) {
    return state.isWiped()
        ? Step.impossible(state)
        : Step.to(state.withProcess(at(state, process), p -> p.restarted(calls)));
  }

  private static Step wipe(ModelState state) {
    return state.processes().stream().allMatch(ModelProcess::knowsTheSchedule)
        ? Step.to(state.withStored(null))
        : Step.impossible(state);
  }

  private Step resume(ModelState state, Resume resume) {
    int number = at(state, resume.process());
    List<Operation> waiting = state.processes().get(number).waiting();
    if (waiting.isEmpty()) {
      return Step.impossible(state);
    }
    Operation operation = waiting.get(resume.operation() % waiting.size());
    Step step =
        proceed(
            state.withProcess(number, p -> p.without(operation)),
            number,
            operation,
            resume.requests(),
            resume.call());
    return forgetsAnAsk(state.stored(), step.state().stored()) ? Step.impossible(state) : step;
  }

  /** A note that arrives so late that another process has asked since would tell an old time. */
  private static boolean forgetsAnAsk(
      @Nullable RateLimitState before, @Nullable RateLimitState after) {
    return before != null
        && after != null
        && after.askedAt().plus(ModelState.CLOCK_RANGE).isBefore(before.askedAt());
  }

  private Step begin(ModelState state, Begin begin) {
    ModelProcess process = process(state, begin.process());
    var operation =
        new Operation(
            begin.task(),
            state.operations(),
            process.memory(),
            process.clock(state.now()),
            List.of());
    int number = at(state, begin.process());
    return proceed(state.withNextOperation(), number, operation, begin.requests(), begin.call());
  }

  /** Runs an operation with the production limiter, until it ends or is suspended. */
  private Step proceed(
      ModelState state, int number, Operation operation, Requests requests, Call call) {
    ModelProcess process = state.processes().get(number);
    var store = new ModelStore(this, state, process, operation, requests);
    SlidingWindowLimiter limiter = limiter(operation, process.calls(), store);
    var workflow = new ModelWorkflow(limiter, store.time, lineWait);
    boolean ended = workflow.run(operation.task());

    boolean answered = store.answers.size() > operation.answers().size();
    Memory memory = answered ? process.memory().then(limiter) : process.memory();
    ModelState after =
        state.withStored(store.stored()).withProcess(number, p -> p.withMemory(memory));
    if (!ended) {
      var suspended = operation.with(store.answers);
      ModelState waits = after.withProcess(number, p -> p.with(suspended));
      return new Step(waits, false, store.allRequestsWereSent(), List.of());
    }
    Instant asked = process.trueTime(store.asked);
    ModelState given =
        after.withGranted(granted(workflow.given, memory, state.highest(), process.calls(), asked));
    List<Arrival> arrivals = arrivals(workflow.calls, given, process, call);
    ModelState end = given.withArrivals(arrivals);

    List<String> broken = new ArrayList<>(workflow.broken);
    ModelInvariants.checkGrants(end, state.granted().size(), broken);
    ModelInvariants.checkArrivals(end, broken);
    if (operation.task() instanceof Task.Sign
        && !workflow.given.isEmpty()
        && store.waitingBefore > 0) {
      broken.add("a newcomer is granted a call while jobs wait in line");
    }
    return new Step(end, !arrivals.isEmpty(), store.allRequestsWereSent(), broken);
  }

  private SlidingWindowLimiter limiter(Operation operation, int calls, ModelStore store) {
    var count = new AtomicInteger();
    Supplier<String> ids = () -> operation.number() + "." + count.incrementAndGet();
    var limiter = new SlidingWindowLimiter(store, calls, period, store.time, ids);
    operation.memory().restore(limiter);
    return limiter;
  }

  /**
   * @param memory what the process remembers after it was given the grants
   * @param asked when it sent its last request, in true time
   */
  private static List<Granted> granted(
      List<Grant> grants, Memory memory, int highest, int limit, Instant asked) {
    if (memory.seen() == null) {
      return List.of();
    }
    GrantSchedule schedule = memory.seen().state().schedule();
    int calls = schedule.calls();
    return grants.stream()
        .map(
            grant ->
                new Granted(
                    grant.id(),
                    grant.from(),
                    calls,
                    grant.from().isBefore(schedule.freeFrom()) ? highest : calls,
                    limit,
                    asked))
        .toList();
  }

  /** A process calls the upstream with each grant that has not expired. */
  private List<Arrival> arrivals(
      List<Start> starts, ModelState state, ModelProcess process, Call call) {
    var arrivals = new ArrayList<Arrival>();
    for (Start start : starts) {
      Instant last = start.grant().until().plus(late).minusNanos(1);
      if (!last.isBefore(start.earliest())) {
        Instant begin = process.trueTime(call.atEnd() ? last : start.earliest());
        arrivals.add(
            new Arrival(begin.plusMillis(call.travelMillis()), state.allowed(start.grant().id())));
      }
    }
    return arrivals;
  }

  private static ModelProcess process(ModelState state, int index) {
    return state.processes().get(at(state, index));
  }

  private static int at(ModelState state, int process) {
    return process % state.processes().size();
  }
}
