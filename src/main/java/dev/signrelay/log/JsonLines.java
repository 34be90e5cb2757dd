package dev.signrelay.log;

import dev.signrelay.json.Json;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;

/**
 * One JSON object a line. With {@code timestamp} and {@code level} at its top, Lambda's JSON log
 * format takes a line as it is and filters it by level (AWS Lambda developer guide, "Configuring
 * advanced logging controls").
 */
public record JsonLines(PrintStream out, InstantSource clock) implements EventLog {

  @Override
  public void write(LogEvent event) {
    var line = new LinkedHashMap<String, Object>();
    line.put("timestamp", clock.instant().toString());
    line.put("level", event.level().name());
    line.put("event", event.name());
    line.putAll(event.fields());
    out.println(Json.writeAscii(line));
  }
}
