package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.local.Template;
import dev.signrelay.testing.LogAssertions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The metrics that the template's alarms watch and its dashboard draws. */
public record TemplateMetrics(Template template) {

  /**
   * A metric by its name.
   *
   * @param dimension the only one
   * @param of whose metric it is: {@code SignFunction}, {@code RetryQueue.QueueName}
   */
  public record Named(String namespace, String name, String dimension, String of) {}

  /** Names of the alarms. */
  public List<String> alarms() {
    return template.resources().entrySet().stream()
        .filter(resource -> map(resource.getValue()).get("Type").equals("AWS::CloudWatch::Alarm"))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** What an alarm watches: one metric, or those of its expression. */
  public List<Named> watchedBy(String alarm) {
    Map<String, Object> properties = template.properties(alarm);
    return properties.get("Metrics") instanceof List<?> metrics
        ? metrics.stream()
            .filter(metric -> !map(metric).containsKey("Expression"))
            .map(metric -> named(map(map(map(metric).get("MetricStat")).get("Metric"))))
            .toList()
        : List.of(named(properties));
  }

  private static Named named(Map<String, Object> metric) {
    List<?> dimensions = (List<?>) metric.get("Dimensions");
    if (dimensions.size() != 1) {
      throw new AssertionError("one dimension is all that is known here: " + dimensions);
    }
    Map<String, Object> dimension = map(dimensions.getFirst());
    Map<String, Object> reference = map(dimension.get("Value"));
    return new Named(
        (String) metric.get("Namespace"),
        (String) metric.get("MetricName"),
        (String) dimension.get("Name"),
        (String) reference.values().iterator().next());
  }

  /** The dashboard's widgets of a type. */
  public List<JsonNode> widgets(String type) {
    Object body = map(template.properties("Dashboard").get("DashboardBody")).get("Fn::Sub");
    return LogAssertions.json((String) body)
        .path("widgets")
        .valueStream()
        .filter(widget -> widget.path("type").asText().equals(type))
        .map(widget -> widget.path("properties"))
        .toList();
  }

  public Stream<Named> drawn() {
    return widgets("metric").stream().flatMap(TemplateMetrics::drawn);
  }

  private static Stream<Named> drawn(JsonNode widget) {
    return widget.path("metrics").valueStream().map(TemplateMetrics::named);
  }

  private static Named named(JsonNode metric) {
    var words = new ArrayList<String>();
    metric.valueStream().filter(JsonNode::isTextual).forEach(word -> words.add(word.asText()));
    if (words.size() != 4) {
      throw new AssertionError("not namespace, name and one dimension: " + metric);
    }
    return new Named(words.get(0), words.get(1), words.get(2), reference(words.get(3)));
  }

  /** The resource in <code>${RetryQueue.QueueName}</code>. */
  public static String reference(String substituted) {
    if (!substituted.matches("\\$\\{[A-Za-z.]+}")) {
      throw new AssertionError("no resource of the template: " + substituted);
    }
    return substituted.substring(2, substituted.length() - 1);
  }
}
