package dev.signrelay.testing;

import static dev.signrelay.local.Template.map;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.local.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The metrics of the template's alarms and of its dashboard. */
public record TemplateMetrics(Template template) {

  /**
   * A reference to a metric with one dimension.
   *
   * @param of the resource: {@code SignFunction}, {@code RetryQueue.QueueName}
   */
  public record MetricReference(String namespace, String name, String dimension, String of) {}

  /** The names of the alarms that notify people. */
  public List<String> alarms() {
    return alarms(true);
  }

  /** The names of the alarms that notify nobody: deployments watch them. */
  public List<String> deploymentAlarms() {
    return alarms(false);
  }

  private List<String> alarms(boolean notify) {
    return template.resources().entrySet().stream()
        .filter(resource -> map(resource.getValue()).get("Type").equals("AWS::CloudWatch::Alarm"))
        .map(Map.Entry::getKey)
        .filter(alarm -> template.properties(alarm).containsKey("AlarmActions") == notify)
        .toList();
  }

  /** The metrics of an alarm: one, or those of its expression. */
  public List<MetricReference> watchedBy(String alarm) {
    Map<String, Object> properties = template.properties(alarm);
    return properties.get("Metrics") instanceof List<?> metrics
        ? metrics.stream()
            .filter(metric -> !map(metric).containsKey("Expression"))
            .map(metric -> reference(map(map(map(metric).get("MetricStat")).get("Metric"))))
            .toList()
        : List.of(reference(properties));
  }

  private static MetricReference reference(Map<String, Object> metric) {
    List<?> dimensions = (List<?>) metric.get("Dimensions");
    if (dimensions.size() != 1) {
      throw new AssertionError("expected one dimension: " + dimensions);
    }
    Map<String, Object> dimension = map(dimensions.getFirst());
    Map<String, Object> reference = map(dimension.get("Value"));
    return new MetricReference(
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

  /** The metrics of the dashboard. */
  public Stream<MetricReference> drawn() {
    return widgets("metric").stream().flatMap(TemplateMetrics::drawn);
  }

  private static Stream<MetricReference> drawn(JsonNode widget) {
    return widget.path("metrics").valueStream().map(TemplateMetrics::reference);
  }

  private static MetricReference reference(JsonNode metric) {
    var words = new ArrayList<String>();
    metric.valueStream().filter(JsonNode::isTextual).forEach(word -> words.add(word.asText()));
    if (words.size() != 4) {
      throw new AssertionError("expected namespace, name and one dimension: " + metric);
    }
    return new MetricReference(words.get(0), words.get(1), words.get(2), resource(words.get(3)));
  }

  /** The resource in <code>${RetryQueue.QueueName}</code>. */
  public static String resource(String substituted) {
    if (!substituted.matches("\\$\\{[A-Za-z.]+}")) {
      throw new AssertionError("not a resource of the template: " + substituted);
    }
    return substituted.substring(2, substituted.length() - 1);
  }
}
