package dev.signrelay.local.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.Template;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.TemplateMetrics;
import dev.signrelay.testing.TemplateMetrics.MetricSearch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The widgets of the template's dashboard, with the values of a recorded run. */
final class Dashboard {

  private final Instant start;
  private final Duration period;
  private final Map<String, Map<Long, List<Double>>> values = new HashMap<>();

  /**
   * @param period the time that a point stands for
   */
  Dashboard(Instant start, Duration period) {
    this.start = start;
    this.period = period;
  }

  /** Adds what the functions measured, and what the client saw of the API. */
  void add(RecordedRun run) {
    run.events().forEach(this::add);
    for (RecordedRun.Request request : run.requests()) {
      long millis = Duration.between(request.start(), request.end()).toMillis();
      add("Latency", "Api", request.end(), millis);
      add("Count", "Api", request.end(), 1);
      add("4xx", "Api", request.end(), request.status() / 100 == 4 ? 1 : 0);
      add("5xx", "Api", request.end(), request.status() / 100 == 5 ? 1 : 0);
      add("Invocations", "SignFunction", request.end(), 1);
    }
  }

  private void add(RecordedRun.Event event) {
    Map<Metric, Number> measured = event.event().measurements();
    String function =
        measured.containsKey(Metric.REQUESTS)
            ? "SignFunction"
            : measured.containsKey(Metric.LINE_LENGTH) ? "DispatchFunction" : "RetryFunction";
    measured.forEach(
        (metric, value) -> add(metric.title(), function, event.at(), value.doubleValue()));
  }

  /**
   * @param of the resource, as the template names it in the dashboard
   */
  void add(String metric, String of, Instant at, double value) {
    long index = Duration.between(start, at).dividedBy(period);
    values
        .computeIfAbsent(metric + " " + of, _ -> new TreeMap<>())
        .computeIfAbsent(index, _ -> new ArrayList<>())
        .add(value);
  }

  /** The widgets, as the page {@code dashboard.html} draws them. */
  ArrayNode widgets() {
    ArrayNode widgets = Json.object().putArray("widgets");
    for (JsonNode widget : new TemplateMetrics(Template.read()).dashboard().path("widgets")) {
      JsonNode properties = widget.path("properties");
      ObjectNode drawn = widgets.addObject();
      Stream.of("x", "y", "width", "height").forEach(name -> drawn.set(name, widget.path(name)));
      drawn.set("title", properties.path("title"));
      ArrayNode alarms = drawn.putArray("alarms");
      properties
          .path("alarms")
          .forEach(arn -> alarms.add(arn.asText().replaceFirst("..(\\w+)Alarm\\.Arn.", "$1")));
      drawn.putArray("limits").addAll(limits(properties));
      ArrayNode metrics = drawn.putArray("metrics");
      for (JsonNode line : properties.path("metrics")) {
        if (TemplateMetrics.isSearch(line)) {
          found(line).forEach(metrics::add);
        } else {
          metrics.add(metric(line, properties.path("stat").asText()));
        }
      }
    }
    return widgets;
  }

  private static List<JsonNode> limits(JsonNode properties) {
    return properties.path("annotations").path("horizontal").valueStream().toList();
  }

  private ObjectNode metric(JsonNode metric, String widgetStat) {
    JsonNode options = metric.path(4);
    String name = metric.path(1).asText();
    String of = metric.path(3).asText().replaceAll("[${}]", "");
    String stat = options.path("stat").asText(widgetStat);
    return series(name, of, stat, options.path("label").asText(name))
        .put("side", options.path("yAxis").asText("left"));
  }

  /** What CloudWatch finds: what has been sent. */
  private Stream<ObjectNode> found(JsonNode line) {
    MetricSearch search = TemplateMetrics.search(line);
    return search
        .references()
        .filter(metric -> values.containsKey(metric.name() + " " + metric.of()))
        .map(
            metric -> {
              String label = line.path(0).path("label").asText() + " " + metric.name();
              return series(
                      metric.name(),
                      metric.of(),
                      search.statistic(),
                      label.strip() + " " + metric.of())
                  .put("side", "left");
            });
  }

  private ObjectNode series(String name, String of, String stat, String label) {
    ObjectNode drawn = Json.object().put("label", label);
    ArrayNode points = drawn.putArray("points");
    values
        .getOrDefault(name + " " + of, Map.of())
        .forEach(
            (index, sample) ->
                points
                    .addObject()
                    .put("at", (index + 0.5) * period.toMillis() / 1000)
                    .put("value", statistic(stat, sample)));
    return drawn;
  }

  private static double statistic(String stat, List<Double> sample) {
    return switch (stat) {
      case "Sum" -> sample.stream().mapToDouble(Double::doubleValue).sum();
      case "Maximum" -> Collections.max(sample);
      case "p50" -> percentile(sample, 0.5);
      case "p99" -> percentile(sample, 0.99);
      case String _ -> throw new IllegalArgumentException(stat);
    };
  }

  private static double percentile(List<Double> sample, double share) {
    List<Double> sorted = sample.stream().sorted().toList();
    return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
  }
}
