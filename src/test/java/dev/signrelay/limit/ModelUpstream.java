package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.Moment;
import dev.signrelay.limit.ModelState.Arrival;
import dev.signrelay.limit.ModelWorkflow.Start;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The upstream. It counts calls on arrival and checks the limit. */
final class ModelUpstream {

  static final Duration WINDOW = Duration.ofSeconds(60);

  private ModelUpstream() {}

  /**
   * A process calls the upstream with each grant that has not expired.
   *
   * @param exact whether the action took place exactly as specified
   * @param broken the invariants that are broken so far
   */
  static ModelStep call(
      ModelState state,
      ModelProcess process,
      List<Start> starts,
      Call call,
      boolean exact,
      List<String> broken) {
    var calls = new LinkedHashMap<Grant, Arrival>();
    for (Start start : starts) {
      Instant last = start.before().minusNanos(1);
      if (last.isBefore(start.earliest()) || call.moment() == Moment.NEVER) {
        continue;
      }
      Instant begin =
          switch (call.moment()) {
            case EARLIEST, NEVER -> start.earliest();
            case BETWEEN ->
                start.earliest().plus(Duration.between(start.earliest(), last).dividedBy(2));
            case LATEST -> last;
          };
      calls.put(
          start.grant(),
          new Arrival(
              process.trueTime(begin).plusMillis(call.travelMillis()),
              state.allowed(start.grant().id())));
    }
    ModelState after = state.withArrivals(List.copyOf(calls.values()));
    brokenWindow(after.arrivals()).ifPresent(broken::add);
    return new ModelStep(after, () -> description(starts, calls), !calls.isEmpty(), exact, broken);
  }

  private static String description(List<Start> starts, Map<Grant, Arrival> calls) {
    return starts.isEmpty()
        ? "no grant"
        : starts.stream()
            .map(Start::grant)
            .map(
                grant ->
                    description(grant)
                        + Optional.ofNullable(calls.get(grant))
                            .map(arrival -> "; the call arrives at " + seconds(arrival.at()))
                            .orElse(" is not used"))
            .collect(Collectors.joining("; "));
  }

  /**
   * Finds a window that contains more calls than allowed.
   *
   * @return a description of its calls; empty if there is none
   */
  private static Optional<String> brokenWindow(List<Arrival> arrivals) {
    List<Arrival> inOrder = arrivals.stream().sorted(Comparator.comparing(Arrival::at)).toList();
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
                            .map(call -> seconds(call.at()))
                            .collect(Collectors.joining(", "))));
  }

  private static List<Arrival> window(List<Arrival> calls) {
    var end = calls.getFirst().at().plus(WINDOW);
    return calls.stream().takeWhile(call -> call.at().isBefore(end)).toList();
  }

  /** The limit of a window: the highest of its calls. */
  private static int limit(List<Arrival> window) {
    return window.stream().mapToInt(Arrival::allowed).max().orElse(0);
  }

  private static String description(Grant grant) {
    return "grant %s from %s".formatted(grant.id(), seconds(grant.from()));
  }

  /** A time relative to the start, in seconds. */
  static String seconds(Instant time) {
    long nanos = Duration.between(ModelState.START, time).toNanos();
    String seconds = BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
    return (nanos < 0 ? "" : "+") + seconds + " s";
  }
}
