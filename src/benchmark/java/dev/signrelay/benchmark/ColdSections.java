package dev.signrelay.benchmark;

import dev.signrelay.benchmark.ColdStarts.Unprimed;
import dev.signrelay.benchmark.Figure.Beside;
import dev.signrelay.benchmark.Target.AtMost;
import dev.signrelay.testing.lambda.ProcessTime.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the cold starts come to: medians, beside the floor's.
 *
 * @param cases the floor is the first
 */
record ColdSections(
    List<ColdCase> cases,
    Map<ColdCase, List<Unprimed>> unprimed,
    Map<ColdCase, List<Span>> primed) {

  List<Section> all() {
    ColdCase floor = cases.getFirst();
    var cpuOfFloor = Beside.ratio("floor", median(floor, s -> s.whole().cpu()));
    var wallOfFloor = Beside.ratio("floor", median(floor, s -> s.whole().wall()));
    List<Figure> cpu = new ArrayList<>();
    List<Figure> wall = new ArrayList<>();
    List<Figure> afterRestore = new ArrayList<>();
    for (ColdCase each : cases) {
      cpu.add(
          Figure.of(each.name(), median(each, s -> s.whole().cpu()), "ms CPU")
              .beside(each == floor ? null : cpuOfFloor)
              .promised(atMost(each.coldBound())));
      wall.add(
          Figure.of(each.name(), median(each, s -> s.whole().wall()), "ms")
              .beside(each == floor ? null : wallOfFloor));
      wall.add(part(each.name() + ": initialisation", median(each, s -> s.init().wall())));
      wall.add(part(each.name() + ": first invocation", median(each, s -> s.first().wall())));
      afterRestore.add(
          Figure.of(each.name(), Quantiles.median(primed.get(each), Span::cpu), "ms CPU")
              .beside(cpuOfFloor)
              .promised(atMost(each.primedBound())));
      afterRestore.add(
          Figure.of(
                  each.name() + ": on the wall",
                  Quantiles.median(primed.get(each), Span::wall),
                  "ms")
              .beside(wallOfFloor));
    }
    return List.of(
        new Section(
            "Cold start without a snapshot",
            "Processor time from the start of the process to its first answer.",
            cpu),
        new Section(
            "Cold start without a snapshot, by the clock on the wall",
            "From the start of the process to its first answer, and the two parts of it.",
            wall),
        new Section(
            "First invocation after a restore",
            "From the restore, simulated, to the first answer, beside the floor's whole cold start"
                + " without a snapshot.",
            afterRestore));
  }

  private double median(ColdCase each, ToDoubleFunction<Unprimed> value) {
    return Quantiles.median(unprimed.get(each), value);
  }

  private static Figure part(String name, double value) {
    return Figure.of(name, value, "ms");
  }

  private static @Nullable Target atMost(@Nullable Double bound) {
    return bound == null ? null : new AtMost(bound);
  }
}
