package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.ModelAction.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Checks the limiter against a model of everything around it that can go wrong. {@code
 * -Djqwik.tries.default=100000} tries harder.
 */
final class LimiterModelTest {

  @Property(edgeCases = EdgeCasesMode.NONE)
  void noWindowAtTheUpstreamEverHoldsMoreCallsThanAllowed(
      @ForAll(supplier = ModelRuns.Any.class) ModelRun run) {
    new LimiterModel(run, PERIOD, store -> store).check();
  }

  @Property(edgeCases = EdgeCasesMode.NONE, tries = 200)
  void whoeverAsksAtOnceInWhateverOrderTheLineMovesAtFullSpeed(
      @ForAll(supplier = ModelRuns.AtOnce.class) ModelRun run) {
    var actions = new ArrayList<ModelAction>(run.actions());
    IntStream.range(0, 6 * run.calls())
        .forEach(i -> actions.add(ModelRuns.ask(i, Store.UNDISTURBED)));
    List<Instant> granted =
        new LimiterModel(new ModelRun(run.calls(), run.skewsMillis(), actions), PERIOD, s -> s)
            .granted();

    assertThat(granted)
        .hasSizeGreaterThanOrEqualTo(6 * run.calls())
        .isEqualTo(
            IntStream.range(0, granted.size())
                .mapToObj(i -> LimiterModel.START.plus(PERIOD.multipliedBy(i / run.calls())))
                .toList());
  }
}
