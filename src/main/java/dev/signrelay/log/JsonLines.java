package dev.signrelay.log;

import dev.signrelay.json.Json;
import java.io.PrintStream;
import java.time.InstantSource;

/**
 * One JSON object a line. With {@code timestamp} and {@code level} at its top, Lambda's JSON log
 * format takes a line as it is and filters it by level (AWS Lambda developer guide, "Configuring
 * advanced logging controls").
 */
public record JsonLines(PrintStream out, InstantSource clock) implements EventLog {

  @Override
  public void write(LogEvent event) {
    var line =
        Json.object()
            .put("timestamp", clock.instant().toString())
            .put("level", event.level().name())
            .put("event", event.name());
    event.fields().forEach(line::putPOJO);
    out.println(Json.writeAscii(line));
  }
}
