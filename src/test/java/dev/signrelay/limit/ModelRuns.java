package dev.signrelay.limit;

import dev.signrelay.limit.ModelAction.Ask;
import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.Delivery;
import dev.signrelay.limit.ModelAction.Moment;
import dev.signrelay.limit.ModelAction.Restart;
import dev.signrelay.limit.ModelAction.Store;
import dev.signrelay.limit.ModelAction.TimePasses;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random runs; extremes are frequent. What is named first is what jqwik shrinks to. */
final class ModelRuns {

  private static final int MOST_PROCESSES = 20;
  private static final int MOST_TRAVEL = 500;
  private static final int MOST_SKEW = 500;

  /** Requests to the store may race three deep. */
  private static final int DEPTH = 2;

  private ModelRuns() {}

  /** Everything that can happen. */
  static final class Any implements ArbitrarySupplier<ModelRun> {
    @Override
    public Arbitrary<ModelRun> get() {
      return runs(extremes(-MOST_SKEW, MOST_SKEW), fewOrMany(anything(DEPTH), 6, 30));
    }
  }

  /** The short ones among them, in which a counter-example is found and shortened soonest. */
  static final class Short implements ArbitrarySupplier<ModelRun> {
    @Override
    public Arbitrary<ModelRun> get() {
      return Combinators.combine(
              Arbitraries.of(1, 2),
              extremes(-MOST_SKEW, MOST_SKEW).list().ofMinSize(1).ofMaxSize(2),
              anything(DEPTH).list().ofMinSize(1).ofMaxSize(12))
          .as(ModelRun::new);
    }
  }

  /** Processes with the same clock ask at one moment, in each other's midst. */
  static final class AtOnce implements ArbitrarySupplier<ModelRun> {
    @Override
    public Arbitrary<ModelRun> get() {
      return runs(Arbitraries.just(0), fewOrMany(asks(DEPTH), 6, 30));
    }
  }

  private static Arbitrary<ModelRun> runs(
      Arbitrary<Integer> skews, Arbitrary<List<ModelAction>> actions) {
    return Combinators.combine(
            Arbitraries.of(1, 2, 3, 10), fewOrMany(skews, 2, MOST_PROCESSES), actions)
        .as(ModelRun::new);
  }

  private static <T> Arbitrary<List<T>> fewOrMany(Arbitrary<T> of, int few, int many) {
    return Arbitraries.oneOf(
        of.list().ofMinSize(1).ofMaxSize(few), of.list().ofMinSize(1).ofMaxSize(many));
  }

  private static Arbitrary<ModelAction> anything(int depth) {
    Arbitrary<Store> store =
        Combinators.combine(
                between(depth, ModelRuns::anything),
                Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true)))
            .as(Store::new);
    Arbitrary<ModelAction> time =
        Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.integers().between(0, 2_000)),
                Tuple.of(2, Arbitraries.integers().between(58_000, 63_000)),
                Tuple.of(1, Arbitraries.integers().between(0, 130_000)))
            .map(millis -> new TimePasses(Duration.ofMillis(millis)));
    Arbitrary<ModelAction> ask =
        Combinators.combine(process(), Arbitraries.of(true, false), call(), store).as(Ask::new);
    Arbitrary<ModelAction> delivery =
        Combinators.combine(
                Arbitraries.integers().between(0, 9),
                process(),
                Arbitraries.of(false, true),
                call(),
                store)
            .as(Delivery::new);
    return Arbitraries.frequencyOf(
        Tuple.of(4, time),
        Tuple.of(5, ask),
        Tuple.of(4, delivery),
        Tuple.of(1, process().map(Restart::new)));
  }

  private static Arbitrary<ModelAction> asks(int depth) {
    return Combinators.combine(process(), between(depth, ModelRuns::asks))
        .as((process, meanwhile) -> ask(process, new Store(meanwhile, false)));
  }

  /** For whatever time it is. */
  static Ask ask(int process, Store store) {
    return new Ask(process, false, new Call(Moment.EARLIEST, 0), store);
  }

  private static Arbitrary<List<ModelAction>> between(
      int depth, IntFunction<Arbitrary<ModelAction>> actions) {
    return depth == 0
        ? Arbitraries.just(List.of())
        : Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.just(List.of())),
            Tuple.of(1, actions.apply(depth - 1).list().ofMinSize(1).ofMaxSize(3)));
  }

  private static Arbitrary<Call> call() {
    return Combinators.combine(
            Arbitraries.frequency(
                Tuple.of(3, Moment.EARLIEST),
                Tuple.of(3, Moment.LATEST),
                Tuple.of(1, Moment.BETWEEN),
                Tuple.of(1, Moment.NEVER)),
            extremes(0, MOST_TRAVEL))
        .as(Call::new);
  }

  private static Arbitrary<Integer> process() {
    return Arbitraries.integers().between(0, MOST_PROCESSES - 1);
  }

  private static Arbitrary<Integer> extremes(int least, int most) {
    return Arbitraries.frequencyOf(
        Tuple.of(5, Arbitraries.of(0, least, most)),
        Tuple.of(1, Arbitraries.integers().between(least, most)));
  }
}
