package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.Moment;
import dev.signrelay.limit.ModelState.Arrival;
import dev.signrelay.limit.ModelWorkflow.Result.Called;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The upstream. It counts calls on arrival and checks the limit. */
final class ModelUpstream {

  static final Duration WINDOW = Duration.ofSeconds(60);

  private ModelUpstream() {}

  /**
   * A process with a grant calls the upstream, unless the grant has expired.
   *
   * @param exact whether the action took place exactly as specified
   * @param broken the invariants that are broken so far
   */
  static ModelStep call(
      ModelState state,
      ModelProcess process,
      Called called,
      Call call,
      boolean exact,
      List<String> broken) {
    Grant grant = called.grant();
    Instant last = called.before().minusNanos(1);
    if (last.isBefore(called.earliest()) || call.moment() == Moment.NEVER) {
      return new ModelStep(state, () -> "a grant is not used", false, exact, broken);
    }
    Instant begin =
        switch (call.moment()) {
          case EARLIEST, NEVER -> called.earliest();
          case BETWEEN ->
              called.earliest().plus(Duration.between(called.earliest(), last).dividedBy(2));
          case LATEST -> last;
        };
    var arrival =
        new Arrival(
            process.trueTime(begin).plusMillis(call.travelMillis()), state.allowed(grant.id()));
    ModelState after = state.withCall(grant.id(), arrival);
    if (state.used().contains(grant.id())) {
      broken.add("grant %s is used twice".formatted(grant.id()));
    }
    brokenWindow(after.arrivals()).ifPresent(broken::add);
    return new ModelStep(
        after,
        () -> "%s; the call arrives at %s".formatted(description(grant), seconds(arrival.at())),
        true,
        exact,
        broken);
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

  /** Describes the grant of a message. */
  static String grant(NeedsSignature job) {
    return job.grant() == null ? "no grant" : description(job.grant());
  }

  static String description(Grant grant) {
    return "grant %s from %s".formatted(grant.id(), seconds(grant.from()));
  }

  /** A time relative to the start, in seconds. */
  static String seconds(Instant time) {
    long nanos = Duration.between(ModelState.START, time).toNanos();
    String seconds = BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
    return (nanos < 0 ? "" : "+") + seconds + " s";
  }
}
