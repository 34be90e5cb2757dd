package dev.signrelay.local.cli;

import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import java.io.PrintStream;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * A human-readable log of the functions: one line per event, starting with the job's id. What a
 * step leads to is green if it succeeded, yellow if the job waits and red if it ended otherwise.
 *
 * @param ansi whether there is colour. {@link Ansi#AUTO}: in a terminal, unless {@code NO_COLOR} is
 *     set
 */
record ReadableLog(PrintStream out, Ansi ansi) implements EventLog {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
  private static final int SHORT_ID = 8;

  /** Fields that the text of an event has already, or that say nothing to a reader. */
  private static final Set<String> OMITTED =
      Set.of("id", "apiRequestId", "attempt", "decision", "reason", "error");

  /** Prints nothing of a request for a record: the page of a job makes them. */
  @Override
  public void write(LogEvent event) {
    if (event.name().equals("job status")) {
      return;
    }
    Map<String, Object> fields = event.fields();
    String text =
        switch (event.name()) {
          case "signing attempt", "callback attempt" ->
              "%s %s: %s after %s"
                  .formatted(
                      event.name(),
                      fields.get("attempt"),
                      fields.get("outcome"),
                      duration(fields.get("millis"), 1));
          case "failure notice" -> "failure notice: " + fields.get("outcome");
          case "dispatch" -> dispatched(event.measurements());
          default -> event.name() + (fields.containsKey("decision") ? "" : others(fields));
        };
    String error =
        fields.get("error") instanceof Object cause ? styled(" (" + cause + ")", Style.fg_red) : "";
    print(String.valueOf(fields.getOrDefault("id", "")), text + next(event) + error);
  }

  private static String others(Map<String, Object> fields) {
    return fields.entrySet().stream()
        .filter(field -> !OMITTED.contains(field.getKey()))
        .map(field -> " " + field.getKey() + "=" + field.getValue())
        .collect(Collectors.joining());
  }

  private static String dispatched(Map<Metric, Number> measurements) {
    Number waiting = measurements.get(Metric.LINE_LENGTH);
    return waiting == null
        ? "dispatch"
        : "dispatch: %s jobs in line, %s leave it; a new job waits about %s"
            .formatted(
                waiting,
                measurements.get(Metric.DISPATCHED),
                wholeSeconds(measurements.getOrDefault(Metric.LINE_WAIT, 0)));
  }

  void print(String id, String text) {
    String shortId =
        id.substring(0, Math.min(SHORT_ID, id.length())).replaceAll("[\\p{Cc}\\p{Cf}]", "?");
    out.printf(
        "%s  %s  %s%n",
        styled(LocalTime.now().format(TIME), Style.faint),
        styled("%-8s".formatted(shortId), Style.fg_cyan),
        text);
  }

  private String next(LogEvent event) {
    Map<String, Object> fields = event.fields();
    return switch (String.valueOf(fields.get("decision"))) {
      case "requeue" ->
          next("next attempt in " + duration(fields.get("delaySeconds"), 1_000), Style.fg_yellow);
      case "wait-in-line" ->
          next("in line" + expected(fields.get("expectedWaitSeconds")), Style.fg_yellow);
      case "stay-in-line" -> next("still in line", Style.fg_yellow);
      case "answer" -> " -> response sent";
      case "deliver" -> next("callback follows", Style.fg_green);
      case "complete" ->
          next(
              event.name().equals("callback attempt") ? "delivered" : "kept in its record",
              Style.fg_green);
      case "dead-letter" -> next("dead letter: " + fields.get("reason"), Style.fg_red);
      default -> "";
    };
  }

  private String next(String text, Style style) {
    return " -> " + styled(text, style);
  }

  String styled(String text, Style style) {
    return ansi.enabled() ? style.on() + text + style.off() : text;
  }

  private static String duration(@Nullable Object count, int unitMillis) {
    return count instanceof Number number
        ? duration(Math.round(number.doubleValue() * unitMillis))
        : "";
  }

  /**
   * For example {@code 85 ms}, {@code 1.52 s}, {@code 10.2 s} or {@code 1 min 5 s}. The console's
   * {@code text.js} has the same.
   */
  static String duration(long millis) {
    if (millis < 1_000) {
      return millis + " ms";
    }
    return millis < 60_000
        ? String.format(Locale.ROOT, millis < 10_000 ? "%.2f s" : "%.1f s", millis / 1e3)
        : wholeSeconds(Math.round(millis / 1e3));
  }

  /** Rounded up. For example {@code 48 s} or {@code 1 min 5 s}. */
  private static String wholeSeconds(Number seconds) {
    long whole = (long) Math.ceil(seconds.doubleValue());
    return whole < 60 ? whole + " s" : "%d min %d s".formatted(whole / 60, whole % 60);
  }

  private static String expected(@Nullable Object seconds) {
    return seconds instanceof Number number ? ", call expected in " + wholeSeconds(number) : "";
  }
}
