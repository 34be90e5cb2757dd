package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.Drain;
import dev.signrelay.limit.ModelAction.NoteLine;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelAction.SignNow;
import dev.signrelay.limit.ModelAction.TimePasses;
import dev.signrelay.limit.ModelSearch.Event;
import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.SeededInput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The assumptions of the search in the {@link LimiterModel}. */
final class LimiterModelStateTest {

  private static final LimiterModel MODEL = LimiterModel.production();
  private static final int PROCESSES = 3;

  /**
   * If states with the same key had different futures, a search by key would reach fewer keys than
   * a search by state.
   */
  @Night
  @ParameterizedTest
  @EnumSource
  void statesWithTheSameKeyHaveTheSameFutures(Event event) {
    ModelSearch search = ModelSearch.of(MODEL, 1, event);

    Set<String> byKey = keysWithin(search, search::key);
    Set<String> byState = keysWithin(search, state -> state);

    assertThat(byKey).hasSizeGreaterThan(1_000);
    byState.removeAll(byKey);
    assertThat(byState.stream().limit(3)).isEmpty();
  }

  private static Set<String> keysWithin(ModelSearch search, Function<ModelState, Object> key) {
    Set<String> keys = ConcurrentHashMap.newKeySet();
    new BreadthFirstSearch<ModelState, ModelAction>(
            key,
            state -> {
              keys.add(search.key(state));
              return search.next(state);
            })
        .run(search.start(), 4);
    return keys;
  }

  /**
   * The model creates a limiter for each action from what the process remembers. Limiters that
   * persist throughout a run write the same states.
   */
  @Test
  void theModelKnowsAllThatALimiterRemembers() {
    Fuzz.check(
        200,
        in ->
            new ModelRun(
                in.listOf(PROCESSES, () -> in.between(1, 2)),
                List.of(-500, 0, 500),
                in.listOf(60, () -> act(in))),
        LimiterModelStateTest::matchesPersistentLimiters);
  }

  private static void matchesPersistentLimiters(ModelRun run) {
    ModelState state = run.start();
    var store = new MemoryScheduleStore();
    var persistent = new Persistent(run, store);
    for (ModelAction action : run.actions()) {
      persistent.act(state, action);
      state = MODEL.step(state, action).state();
      assertThat(state.stored()).isEqualTo(store.state());
    }
  }

  private static ModelAction act(SeededInput in) {
    int process = in.below(PROCESSES);
    return switch (in.below(4)) {
      case 0 ->
          new TimePasses(
              Duration.ofMillis(in.oneOf(1, 300, 1_000, 9_000, 10_000, 62_500, 301_000)));
      case 1 -> new SignNow(process, Requests.ALL_ANSWERED, Call.EARLY);
      case 2 -> new Drain(process, in.between(1, 2), Requests.ALL_ANSWERED, Call.EARLY);
      default -> new NoteLine(process, in.below(2), Requests.ALL_ANSWERED);
    };
  }

  /** Limiters that live as long as their processes. */
  private static final class Persistent {
    private final List<ModelTime> clocks = new ArrayList<>();
    private final List<SlidingWindowLimiter> limiters = new ArrayList<>();
    private final AtomicInteger operation = new AtomicInteger(-1);
    private final AtomicInteger id = new AtomicInteger();

    Persistent(ModelRun run, ScheduleStore store) {
      IntStream.range(0, PROCESSES)
          .forEach(
              i -> {
                var clock = new ModelTime();
                clocks.add(clock);
                limiters.add(
                    new SlidingWindowLimiter(
                        store,
                        run.limits().get(i),
                        PERIOD,
                        clock,
                        () -> operation + "." + id.incrementAndGet()));
              });
    }

    void act(ModelState state, ModelAction action) {
      switch (action) {
        case TimePasses _ -> {}
        case SignNow(int process, _, _) -> run(state, process, new ModelTask.Sign());
        case Drain(int process, int jobs, _, _) -> run(state, process, new ModelTask.Line(jobs));
        case NoteLine(int process, int jobs, _) -> run(state, process, new ModelTask.Note(jobs));
        default -> throw new IllegalArgumentException(action.toString());
      }
    }

    private void run(ModelState state, int process, ModelTask task) {
      operation.incrementAndGet();
      id.set(0);
      ModelTime clock = clocks.get(process);
      clock.set(state.processes().get(process).clock(state.now()));
      ModelWorkflow.asInTheFunctions(task, limiters.get(process), clock);
    }
  }
}
