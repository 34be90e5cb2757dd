package dev.signrelay.testing;

import static dev.signrelay.local.Template.map;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.local.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The metrics of the template's alarms and of its dashboard. */
public record TemplateMetrics(Template template) {

  private static final Pattern SEARCH =
      Pattern.compile("SEARCH\\('\\{(\\S+),(\\S+)} \\(([^()]+)\\) \\(([^()]+)\\)', '\\S+', 300\\)");

  /**
   * A reference to a metric with one dimension.
   *
   * @param of the resource: {@code SignFunction}, {@code RetryQueue.QueueName}
   */
  public record MetricReference(String namespace, String name, String dimension, String of) {}

  /**
   * A search for metrics by their whole names (CloudWatch user guide, "CloudWatch search expression
   * syntax").
   *
   * @param of the resources
   */
  public record MetricSearch(
      String namespace, String dimension, List<String> of, List<String> names) {

    /** Every name of every resource, whether it is sent or not. */
    public Stream<MetricReference> references() {
      return of.stream()
          .flatMap(
              resource ->
                  names.stream()
                      .map(name -> new MetricReference(namespace, name, dimension, resource)));
    }
  }

  /** The names of the alarms that notify people. Deployments watch the others. */
  public List<String> alarms() {
    return template.resources().entrySet().stream()
        .filter(resource -> map(resource.getValue()).get("Type").equals("AWS::CloudWatch::Alarm"))
        .map(Map.Entry::getKey)
        .filter(alarm -> template.properties(alarm).containsKey("AlarmActions"))
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

  /** The dashboard's widgets of a type, with references to resources. */
  public List<JsonNode> widgets(String type) {
    Object body = map(template.properties("Dashboard").get("DashboardBody")).get("Fn::Sub");
    List<?> textAndVariables = (List<?>) body;
    String text = (String) textAndVariables.get(0);
    for (var variable : map(textAndVariables.get(1)).entrySet()) {
      String value = (String) map(variable.getValue()).get("Fn::Sub");
      text = text.replace("${" + variable.getKey() + "}", value);
    }
    return LogAssertions.json(text)
        .path("widgets")
        .valueStream()
        .filter(widget -> widget.path("type").asText().equals(type))
        .map(widget -> widget.path("properties"))
        .toList();
  }

  /** The metrics that the dashboard names one by one. */
  public Stream<MetricReference> drawn() {
    return lines().filter(line -> !isSearch(line)).map(TemplateMetrics::reference);
  }

  /** The searches of the dashboard. */
  public Stream<MetricSearch> searches() {
    return lines().filter(TemplateMetrics::isSearch).map(TemplateMetrics::search);
  }

  private Stream<JsonNode> lines() {
    return widgets("metric").stream().flatMap(widget -> widget.path("metrics").valueStream());
  }

  private static boolean isSearch(JsonNode line) {
    return line.path(0).has("expression");
  }

  private static MetricSearch search(JsonNode line) {
    String expression = line.path(0).path("expression").asText();
    var search = SEARCH.matcher(expression);
    // "The maximum search expression query size is 1024 characters". A function's name has up to
    // 64.
    String longest = expression.replaceAll("\\$\\{[A-Za-z]+}", "x".repeat(64));
    if (!search.matches() || longest.length() > 1_024) {
      throw new AssertionError("not a search of this form and size: " + expression);
    }
    return new MetricSearch(
        search.group(1),
        search.group(2),
        quoted(search.group(3)).map(TemplateMetrics::resource).toList(),
        quoted(search.group(4)).toList());
  }

  private static Stream<String> quoted(String alternatives) {
    return Stream.of(alternatives.split(" OR "))
        .map(
            term -> {
              if (!term.matches("\"[^\"]+\"")) {
                throw new AssertionError("not a whole name: " + term);
              }
              return term.substring(1, term.length() - 1);
            });
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
