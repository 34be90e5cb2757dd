package dev.signrelay.telemetry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;

/**
 * A log that writes one JSON object a line. A line with {@code timestamp} and {@code level} at its
 * top level is passed through by Lambda's JSON log format and filtered by its level (AWS Lambda
 * developer guide, "Log-level filtering").
 *
 * <p>A line with measurements is also in CloudWatch's embedded metric format, from which CloudWatch
 * extracts metrics (Amazon CloudWatch user guide, "Specification: Embedded metric format"): the
 * measurements are members of the line, and {@code _aws} lists their names and units.
 *
 * @param function the value of the metrics' only dimension
 */
public record JsonLines(PrintStream out, InstantSource clock, String function) implements EventLog {

  public static final String NAMESPACE = "SignRelay";

  /** Lambda's own metrics have this dimension as well. */
  public static final String DIMENSION = "FunctionName";

  @Override
  public void write(LogEvent event) {
    Instant now = clock.instant();
    var line = new LinkedHashMap<String, Object>();
    line.put("timestamp", now.toString());
    line.put("level", event.level().name());
    line.put("event", event.name());
    line.putAll(event.fields());
    if (!event.measurements().isEmpty()) {
      line.put(DIMENSION, function);
      event.measurements().forEach((metric, value) -> line.put(metric.title(), value));
      line.put("_aws", metadata(event, now));
    }
    out.println(Json.writeAscii(line));
  }

  private static ObjectNode metadata(LogEvent event, Instant now) {
    ObjectNode metadata = Json.object();
    ObjectNode directive = metadata.putArray("CloudWatchMetrics").addObject();
    directive.putArray("Dimensions").addArray().add(DIMENSION);
    ArrayNode metrics = directive.putArray("Metrics");
    event
        .measurements()
        .keySet()
        .forEach(m -> metrics.addObject().put("Name", m.title()).put("Unit", m.unit()));
    directive.put("Namespace", NAMESPACE);
    return metadata.put("Timestamp", now.toEpochMilli());
  }
}
