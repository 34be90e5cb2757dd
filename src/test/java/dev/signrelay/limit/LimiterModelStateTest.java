package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelAction.SignNow;
import dev.signrelay.limit.ModelAction.SignOrQueue;
import dev.signrelay.limit.ModelAction.TimePasses;
import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.SeededInput;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The assumptions of the search in the {@link LimiterModel}. */
final class LimiterModelStateTest {

  private static final LimiterModel MODEL = LimiterModel.production();
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final int PROCESSES = 3;

  /**
   * If states with the same key had different futures, a search by key would reach fewer keys than
   * a search by state.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void statesWithTheSameKeyHaveTheSameFutures(int calls) {
    assertThat(keysWithin(calls, 3, ModelStateKey::of))
        .hasSizeGreaterThan(1_000)
        .isEqualTo(keysWithin(calls, 3, state -> state));
  }

  /**
   * The model creates a limiter for each action from the schedule that the process has seen last.
   * Limiters that persist throughout a run write the same schedules.
   */
  @Test
  void theOnlyStateOfALimiterIsItsLastSchedule() {
    Fuzz.check(
        200,
        in -> new ModelRun(in.between(1, 3), List.of(-500, 0, 500), in.listOf(60, () -> act(in))),
        LimiterModelStateTest::matchesPersistentLimiters);
  }

  private static void matchesPersistentLimiters(ModelRun run) {
    ModelState state = run.start();
    List<ModelTime> clocks = run.skewsMillis().stream().map(_ -> new ModelTime()).toList();
    var store = new MemoryScheduleStore();
    var operation = new AtomicInteger(-1);
    var version = new AtomicInteger();
    List<SlidingWindowLimiter> limiters =
        IntStream.range(0, PROCESSES)
            .mapToObj(
                i ->
                    new SlidingWindowLimiter(
                        store,
                        run.calls(),
                        PERIOD,
                        clocks.get(i),
                        () -> operation.get() + "." + version.incrementAndGet()))
            .toList();
    for (ModelAction action : run.actions()) {
      for (int i = 0; i < PROCESSES; i++) {
        clocks.get(i).set(state.now().plusMillis(run.skewsMillis().get(i)));
      }
      state = MODEL.step(state, action).state();
      version.set(0);
      switch (action) {
        case TimePasses _ -> {}
        case SignNow(int process, _, _) -> {
          operation.incrementAndGet();
          Instant latest = clocks.get(process).instant().plus(ModelWorkflow.SIGN_FUNCTION_WAIT);
          limiters.get(process).acquire(latest, TIMEOUT);
        }
        case SignOrQueue(int process, _, _) -> {
          operation.incrementAndGet();
          limiters.get(process).acquire(TIMEOUT);
        }
        default -> throw new IllegalArgumentException(action.toString());
      }
      assertThat(state.store().schedule()).isEqualTo(store.contents().schedule());
    }
  }

  private static ModelAction act(SeededInput in) {
    int process = in.below(PROCESSES);
    return switch (in.below(3)) {
      case 0 -> new TimePasses(Duration.ofMillis(in.oneOf(1, 300, 1_000, 20_000, 62_500)));
      case 1 -> new SignNow(process, Requests.ALL_ANSWERED, Call.EARLY);
      default -> new SignOrQueue(process, Requests.ALL_ANSWERED, Call.EARLY);
    };
  }

  private static Set<String> keysWithin(int calls, int depth, Function<ModelState, Object> key) {
    var search = ModelSearch.of(MODEL, calls);
    Set<String> keys = ConcurrentHashMap.newKeySet();
    new BreadthFirstSearch<ModelState, ModelAction>(
            key,
            state -> {
              keys.add(ModelStateKey.of(state));
              return search.next(state);
            })
        .run(ModelState.start(calls, List.of(-500, 500)), depth + 1);
    return keys;
  }
}
