package dev.signrelay.local.console;

import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.LogEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Counts upstream calls and signatures from the functions' log events. */
final class CallStatistics implements EventLog {

  /** The number of minutes in {@link #signatures()}, including the current one. */
  static final int MINUTES = 15;

  private static final Duration WINDOW = Duration.ofSeconds(60);

  /** Outcomes of attempts that sent no request. */
  private static final Set<String> NO_CALL =
      Set.of("too-late", "interrupted", "connect", "unknown-host");

  private final InstantSource clock;
  private final Deque<Instant> calls = new ArrayDeque<>();
  private final Deque<Instant> signatures = new ArrayDeque<>();

  CallStatistics(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void write(LogEvent event) {
    if (!event.name().equals("signing attempt")) {
      return;
    }
    Instant now = clock.instant();
    Object outcome = event.fields().get("outcome");
    if (!NO_CALL.contains(String.valueOf(outcome))) {
      long millis = event.fields().get("millis") instanceof Number took ? took.longValue() : 0;
      calls.addLast(now.minusMillis(millis));
    }
    if ("signed".equals(outcome)) {
      signatures.addLast(now);
    }
    removeOld(now);
  }

  /** The number of completed calls that began in the last 60 s. */
  synchronized int calls() {
    Instant from = clock.instant().minus(WINDOW);
    return (int) calls.stream().filter(from::isBefore).count();
  }

  /** The number of signatures in each clock minute, the current one last. */
  synchronized List<Integer> signatures() {
    Instant minute = minute(clock.instant());
    return IntStream.range(0, MINUTES)
        .mapToObj(i -> minute.minus(Duration.ofMinutes(MINUTES - 1L - i)))
        .map(m -> (int) signatures.stream().filter(s -> minute(s).equals(m)).count())
        .toList();
  }

  /** Checks all calls, because they are ordered by their ends and not by their starts. */
  private void removeOld(Instant now) {
    calls.removeIf(c -> !c.isAfter(now.minus(WINDOW)));
    signatures.removeIf(s -> !s.isAfter(now.minus(Duration.ofMinutes(MINUTES))));
  }

  private static Instant minute(Instant time) {
    return time.truncatedTo(ChronoUnit.MINUTES);
  }
}
