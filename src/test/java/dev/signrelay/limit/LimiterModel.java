package dev.signrelay.limit;

import dev.signrelay.limit.ModelAction.Ask;
import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.Delivery;
import dev.signrelay.limit.ModelAction.Restart;
import dev.signrelay.limit.ModelAction.Store;
import dev.signrelay.limit.ModelAction.TimePasses;
import dev.signrelay.retry.Job.Acceptance;
import dev.signrelay.retry.Job.NeedsSignature;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.retry.RetryDecision.Sign;
import dev.signrelay.retry.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One true time, processes with clocks of their own, a store, a queue that hands out any message at
 * any time, and the upstream. What a process does is what FirstAttempt and JobStep do.
 */
final class LimiterModel {

  static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Duration FIRST_ATTEMPT_PATIENCE = Duration.ofMillis(250);

  /** The store's clock is one that is ahead. */
  private static final Duration STORE_SKEW = Duration.ofMillis(500);

  private static final NeedsSignature JOB =
      NeedsSignature.first(
          new Acceptance("job", URI.create("https://example.com/"), START), "message");

  private final int calls;
  private final Duration period;
  private final ModelStore store;
  private final List<ModelProcess> processes = new ArrayList<>();
  private final List<NeedsSignature> queue = new ArrayList<>();
  private final ModelUpstream upstream = new ModelUpstream();
  private Instant now = START;
  private int versions;

  /**
   * @param flaw what is wrong with the store
   */
  LimiterModel(ModelRun run, Duration period, UnaryOperator<ScheduleStore> flaw) {
    this.calls = run.calls();
    this.period = period;
    this.store =
        new ModelStore(
            flaw.apply(new MemoryScheduleStore(() -> now.plus(STORE_SKEW))), this::happen);
    run.skewsMillis().forEach(skew -> processes.add(process(Duration.ofMillis(skew))));
    run.actions().forEach(this::happen);
  }

  /** The times of all grants, in the order in which they were written. */
  List<Instant> granted() {
    return store.granted();
  }

  /**
   * @throws AssertionError if anything is not as promised
   */
  void check() {
    upstream.check(calls, granted());
  }

  private void happen(ModelAction action) {
    switch (action) {
      case TimePasses(Duration time) -> now = now.plus(time);
      case Restart(int number) -> processes.set(index(number), process(at(number).skew()));
      case Ask(int number, boolean forNow, Call call, Store on) when forNow ->
          callNow(at(number), call, on);
      case Ask(int number, _, Call call, Store on) -> {
        ModelProcess process = at(number);
        proceed(
            process,
            JOB,
            call,
            FIRST_ATTEMPT_PATIENCE,
            store.answer(on, upstream, () -> process.limiter().ask(TIMEOUT)));
      }
      case Delivery delivery when !queue.isEmpty() -> deliver(delivery);
      case Delivery _ -> {}
    }
  }

  private void callNow(ModelProcess process, Call call, Store on) {
    Instant latest = process.now().plus(FIRST_ATTEMPT_PATIENCE);
    store
        .answer(on, upstream, () -> process.limiter().ask(latest, TIMEOUT))
        .flatMap(granted -> granted)
        .ifPresent(
            grant -> {
              if (grant.from().isAfter(latest) && grant.from().isAfter(process.now())) {
                upstream.broken(new AssertionError(grant + " is not until " + latest));
              }
              process.call(grant, call, upstream);
            });
  }

  private void deliver(Delivery delivery) {
    int message = delivery.message() % queue.size();
    NeedsSignature job = delivery.again() ? queue.get(message) : queue.remove(message);
    ModelProcess process = at(delivery.process());
    Optional<Requeue> wait = process.waitOn(job);
    if (wait.isPresent()) {
      queue.add((NeedsSignature) wait.get().job());
    } else {
      proceed(
          process,
          job,
          delivery.call(),
          RetryPolicy.PATIENCE,
          store.answer(delivery.store(), upstream, () -> process.grantFor(job, TIMEOUT)));
    }
  }

  private void proceed(
      ModelProcess process,
      NeedsSignature job,
      Call call,
      Duration patience,
      Optional<Grant> granted) {
    switch (process.decide(job, granted, patience)) {
      case Sign(_, Grant grant) -> process.call(grant, call, upstream);
      case Requeue requeue -> queue.add((NeedsSignature) requeue.job());
    }
  }

  private ModelProcess process(Duration skew) {
    return ModelProcess.start(store, calls, period, skew, () -> now, () -> "v" + versions++);
  }

  private ModelProcess at(int number) {
    return processes.get(index(number));
  }

  private int index(int number) {
    return number % processes.size();
  }
}
