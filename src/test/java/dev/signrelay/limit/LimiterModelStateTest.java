package dev.signrelay.limit;

import static dev.signrelay.limit.SharedSchedule.MAX_WAIT;
import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.ModelAction.Begin;
import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.Task;
import dev.signrelay.limit.ModelAction.TimePasses;
import dev.signrelay.limit.ModelSearch.Event;
import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.SeededInput;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
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

    Set<String> byKey = keysWithin(search, ModelStateKey::of);
    Set<String> byState = keysWithin(search, state -> state);

    assertThat(byKey).hasSizeGreaterThan(1_000);
    byState.removeAll(byKey);
    assertThat(byState.stream().limit(3)).isEmpty();
  }

  private static Set<String> keysWithin(ModelSearch search, Function<ModelState, Object> key) {
    Set<String> keys = ConcurrentHashMap.newKeySet();
    new BreadthFirstSearch(
            key,
            state -> {
              keys.add(ModelStateKey.of(state));
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
    var store = new MemoryScheduleStore();
    var clock = new ModelTime(ModelState.START);
    var operation = new AtomicInteger();
    var id = new AtomicInteger();
    Supplier<String> ids = () -> operation + "." + id.incrementAndGet();
    List<SlidingWindowLimiter> limiters =
        run.limits().stream()
            .map(calls -> new SlidingWindowLimiter(store, calls, PERIOD, clock, ids))
            .toList();
    ModelState state = run.start();
    for (ModelAction action : run.actions()) {
      if (action instanceof Begin(int process, Task task, _, _)) {
        clock.set(state.processes().get(process).clock(state.now()));
        operation.set(state.operations());
        id.set(0);
        new ModelWorkflow(limiters.get(process), clock, MAX_WAIT).run(task);
      }
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
      case 1 -> ModelAction.sign(process, Call.EARLY);
      case 2 -> ModelAction.drain(process, in.between(1, 2), Call.EARLY);
      default -> ModelAction.note(process, in.below(2));
    };
  }
}
