package dev.signrelay.telemetry;

import dev.signrelay.json.Json;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /** The metrics' namespace in CloudWatch. */
  public static final String NAMESPACE = "SignRelay";

  /** The dimension's name, the same as that of Lambda's own metrics. */
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

  private static Map<String, Object> metadata(LogEvent event, Instant now) {
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("Timestamp", now.toEpochMilli());
    metadata.put("CloudWatchMetrics", List.of(directive(event)));
    return metadata;
  }

  private static Map<String, Object> directive(LogEvent event) {
    var definitions = new ArrayList<Map<String, Object>>();
    for (Metric metric : event.measurements().keySet()) {
      definitions.add(definition(metric));
    }
    var directive = new LinkedHashMap<String, Object>();
    directive.put("Namespace", NAMESPACE);
    directive.put("Dimensions", List.of(List.of(DIMENSION)));
    directive.put("Metrics", definitions);
    return directive;
  }

  private static Map<String, Object> definition(Metric metric) {
    var definition = new LinkedHashMap<String, Object>();
    definition.put("Name", metric.title());
    definition.put("Unit", metric.unit().title());
    return definition;
  }
}
