package dev.signrelay.local.cli;

import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import java.io.PrintStream;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A human-readable log of the functions: one line per event, starting with the job's id. */
record ReadableLog(PrintStream out) implements EventLog {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
  private static final int SHORT_ID = 8;

  @Override
  public void write(LogEvent event) {
    Map<String, Object> fields = event.fields();
    String text =
        switch (event.name()) {
          case "signing attempt", "callback attempt" ->
              "%s %s: %s after %s ms%s"
                  .formatted(
                      event.name(),
                      fields.get("attempt"),
                      fields.get("outcome"),
                      fields.get("millis"),
                      next(fields));
          case "failure notice" -> "failure notice: " + fields.get("outcome");
          case "rate limited",
              "rate limiter unavailable",
              "grant expired",
              "no time for a call",
              "expired",
              "waiting" ->
              event.name() + next(fields);
          case "dispatch" -> dispatched(event.measurements());
          default ->
              event.name()
                  + fields.entrySet().stream()
                      .filter(f -> !f.getKey().equals("id") && !f.getKey().equals("apiRequestId"))
                      .map(f -> " " + f.getKey() + "=" + f.getValue())
                      .collect(Collectors.joining());
        };
    String error =
        fields.containsKey("error") && !text.contains("error=") ? " !! " + fields.get("error") : "";
    print(String.valueOf(fields.getOrDefault("id", "")), text + error);
  }

  private static String dispatched(Map<Metric, Number> measurements) {
    Number waiting = measurements.get(Metric.LINE_LENGTH);
    return waiting == null
        ? "dispatch"
        : "dispatch: %s jobs in line, %s leave it; a new job waits about %s s"
            .formatted(
                waiting, measurements.get(Metric.DISPATCHED), measurements.get(Metric.LINE_WAIT));
  }

  void print(String id, String text) {
    String shortId = id.substring(0, Math.min(SHORT_ID, id.length()));
    out.printf("%s  %-8s  %s%n", LocalTime.now().format(TIME), shortId, text);
  }

  private static String next(Map<String, Object> fields) {
    return switch (String.valueOf(fields.get("decision"))) {
      case "requeue" -> " -> next attempt in " + fields.get("delaySeconds") + " s";
      case "wait-in-line" -> " -> in line" + expected(fields.get("expectedWaitSeconds"));
      case "answer" -> " -> response sent";
      case "deliver" -> " -> callback follows";
      case "complete" -> " -> delivered";
      case "dead-letter" -> " -> dead letter: " + fields.get("reason");
      default -> "";
    };
  }

  private static String expected(@Nullable Object seconds) {
    return seconds instanceof Number number
        ? ", call expected after %.0f s".formatted(Math.ceil(number.doubleValue()))
        : "";
  }
}
