package dev.signrelay.log;

import dev.signrelay.json.Json;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON object a line. With {@code timestamp} and {@code level} at its top, Lambda's JSON log
 * format takes a line as it is and filters it by level (AWS Lambda developer guide, "Log-level
 * filtering").
 *
 * <p>A line with measurements is at the same time one of CloudWatch's embedded metric format, from
 * which CloudWatch makes metrics by itself (Amazon CloudWatch user guide, "Specification: Embedded
 * metric format"): the measurements are members of the line, beside the facts, and {@code _aws}
 * says which members they are.
 *
 * @param function whose metrics they are: the one dimension that they have
 */
public record JsonLines(PrintStream out, InstantSource clock, String function) implements EventLog {

  /** Where CloudWatch shows the metrics. */
  public static final String NAMESPACE = "SignRelay";

  /** The name of the dimension, which is also that of Lambda's own metrics. */
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
