package dev.signrelay.limit;

import dev.signrelay.limit.ModelState.Arrival;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Counts the calls when they arrive. */
final class ModelUpstream {

  static final Duration WINDOW = Duration.ofSeconds(60);

  private ModelUpstream() {}

  /**
   * Finds a window that holds more calls than are allowed.
   *
   * @return what is in it; empty: there is none
   */
  static Optional<String> brokenWindow(List<Arrival> arrivals) {
    List<Arrival> inOrder =
        arrivals.stream().sorted(Comparator.comparing(Arrival::at)).toList();
    return IntStream.range(0, inOrder.size())
        .mapToObj(first -> window(inOrder.subList(first, inOrder.size())))
        .filter(window -> window.size() > limit(window))
        .findFirst()
        .map(
            window ->
                "%d calls arrive within 60 s, where %d are allowed: %s"
                    .formatted(
                        window.size(),
                        limit(window),
                        window.stream()
                            .map(call -> LimiterModel.seconds(call.at()))
                            .collect(Collectors.joining(", "))));
  }

  private static List<Arrival> window(List<Arrival> calls) {
    var end = calls.getFirst().at().plus(WINDOW);
    return calls.stream().takeWhile(call -> call.at().isBefore(end)).toList();
  }

  /** Where calls are of two limits, the higher one. */
  private static int limit(List<Arrival> window) {
    return window.stream().mapToInt(Arrival::calls).max().orElse(0);
  }
}
