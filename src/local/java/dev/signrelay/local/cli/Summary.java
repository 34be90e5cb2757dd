package dev.signrelay.local.cli;

import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts what happened, and passes events on. */
final class Summary implements EventLog {

  private static final Map<Metric, String> WORDS =
      new EnumMap<>(
          Map.of(
              Metric.REQUESTS, "requests",
              Metric.SIGNED, "signed at once",
              Metric.QUEUED, "queued",
              Metric.UPSTREAM_SIGNED, "calls signed",
              Metric.UPSTREAM_FAILED, "calls failed",
              Metric.CALLBACK_DELIVERED, "callbacks delivered",
              Metric.CALLBACK_FAILED, "callbacks failed"));

  private final EventLog log;
  private final Map<Metric, Long> counts = new EnumMap<>(Metric.class);

  private long deadLetters;

  Summary(EventLog log) {
    this.log = log;
  }

  @Override
  public void write(LogEvent event) {
    synchronized (counts) {
      event
          .measurements()
          .forEach((metric, value) -> counts.merge(metric, value.longValue(), Long::sum));
      deadLetters += "dead-letter".equals(event.fields().get("decision")) ? 1 : 0;
    }
    log.write(event);
  }

  /** One line with what happened since the start; empty if nothing has. */
  String text() {
    synchronized (counts) {
      Stream<String> counted =
          WORDS.entrySet().stream()
              .filter(word -> counts.getOrDefault(word.getKey(), 0L) > 0)
              .map(word -> counts.get(word.getKey()) + " " + word.getValue());
      Stream<String> dead =
          deadLetters > 0 ? Stream.of(deadLetters + " dead-lettered") : Stream.of();
      return Stream.concat(counted, dead).collect(Collectors.joining(", "));
    }
  }
}
