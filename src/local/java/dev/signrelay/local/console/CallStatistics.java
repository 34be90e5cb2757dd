package dev.signrelay.local.console;

import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.LogEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Counts upstream calls and signatures from the functions' log events. */
final class CallStatistics implements EventLog {

  /** The number of minutes in {@link #signatures()}, including the current one. */
  static final int MINUTES = 15;

  /** Outcomes of attempts that sent no request. */
  private static final Set<String> NO_CALL =
      Set.of("too-late", "interrupted", "connect", "unknown-host");

  private record Attempt(Instant start, Instant end, String outcome) {}

  private final InstantSource clock;
  private final Deque<Attempt> attempts = new ArrayDeque<>();

  CallStatistics(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void write(LogEvent event) {
    if (event.name().equals("signing attempt")) {
      Instant now = clock.instant();
      long millis = event.fields().get("millis") instanceof Number took ? took.longValue() : 0;
      String outcome = String.valueOf(event.fields().get("outcome"));
      attempts.removeIf(old -> !old.end().isAfter(now.minus(Duration.ofMinutes(MINUTES))));
      attempts.addLast(new Attempt(now.minusMillis(millis), now, outcome));
    }
  }

  /** The number of completed calls that began in the last 60 s. */
  synchronized int calls() {
    Instant from = clock.instant().minusSeconds(60);
    return (int)
        attempts.stream()
            .filter(attempt -> attempt.start().isAfter(from))
            .filter(attempt -> !NO_CALL.contains(attempt.outcome()))
            .count();
  }

  /** The number of signatures in each clock minute, the current one last. */
  synchronized List<Integer> signatures() {
    long minute = clock.instant().getEpochSecond() / 60;
    int[] counts = new int[MINUTES];
    for (Attempt attempt : attempts) {
      long ago = minute - attempt.end().getEpochSecond() / 60;
      if (attempt.outcome().equals("signed") && ago < MINUTES) {
        counts[MINUTES - 1 - (int) ago]++;
      }
    }
    return IntStream.of(counts).boxed().toList();
  }
}
