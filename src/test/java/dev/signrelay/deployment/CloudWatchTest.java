package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import dev.signrelay.telemetry.JsonLines;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.AllLogEvents;
import dev.signrelay.testing.TemplateMetrics;
import dev.signrelay.testing.TemplateMetrics.MetricReference;
import dev.signrelay.testing.TemplateMetrics.MetricSearch;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The metrics of the alarms and of the dashboard exist. */
final class CloudWatchTest {

  private static final Template TEMPLATE = Template.read();
  private static final TemplateMetrics METRICS = new TemplateMetrics(TEMPLATE);

  /**
   * Metrics that AWS sends, as far as they are used here: Lambda developer guide, "Types of metrics
   * for Lambda functions"; SQS developer guide, "Available CloudWatch metrics for Amazon SQS"; API
   * Gateway developer guide, "Working with metrics for HTTP APIs".
   */
  private static final Map<String, Set<String>> SENT_BY_AWS =
      Map.of(
          "AWS/Lambda by FunctionName of AWS::Serverless::Function",
          Set.of("Invocations", "Errors", "Throttles", "Duration"),
          "AWS/SQS by QueueName of AWS::SQS::Queue.QueueName",
          Set.of(
              "ApproximateAgeOfOldestMessage",
              "ApproximateNumberOfMessagesDelayed",
              "ApproximateNumberOfMessagesNotVisible",
              "ApproximateNumberOfMessagesVisible"),
          "AWS/ApiGateway by ApiId of AWS::Serverless::HttpApi",
          Set.of("4xx", "5xx", "Count", "IntegrationLatency", "Latency"));

  /** The metrics of each function's log events. */
  private static final Map<String, Set<String>> SENT_BY_FUNCTION =
      AllLogEvents.ofAllFunctions().stream()
          .collect(
              Collectors.toMap(
                  AllLogEvents::function,
                  lines ->
                      lines.metrics().stream().map(Metric::title).collect(Collectors.toSet())));

  static Stream<MetricReference> references() {
    return Stream.concat(
            METRICS.alarms().stream().flatMap(alarm -> METRICS.watchedBy(alarm).stream()),
            METRICS.drawn())
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("references")
  void everyMetricOfTheTemplateIsSent(MetricReference metric) {
    assertThat(isSent(metric)).as(metric.toString()).isTrue();
  }

  static Stream<MetricSearch> searches() {
    return METRICS.searches();
  }

  @ParameterizedTest
  @MethodSource("searches")
  void eachMetricOfASearchIsSentByAtLeastOneOfItsFunctions(MetricSearch search) {
    Map<String, Boolean> sent =
        search
            .references()
            .collect(
                Collectors.toMap(
                    MetricReference::name, CloudWatchTest::isSent, Boolean::logicalOr));

    assertThat(sent).hasSameSizeAs(search.names()).doesNotContainValue(false);
    assertThat(search.of())
        .containsExactlyInAnyOrder("SignFunction", "RetryFunction", "DispatchFunction");
  }

  private static boolean isSent(MetricReference metric) {
    if (metric.namespace().equals(JsonLines.NAMESPACE)) {
      return metric.dimension().equals(JsonLines.DIMENSION)
          && SENT_BY_FUNCTION.getOrDefault(metric.of(), Set.of()).contains(metric.name());
    }
    String[] resource = metric.of().split("(?=\\.)", 2);
    String type = (String) map(TEMPLATE.resources().get(resource[0])).get("Type");
    String attribute = resource.length == 1 ? "" : resource[1];
    String sender =
        "%s by %s of %s%s".formatted(metric.namespace(), metric.dimension(), type, attribute);
    return SENT_BY_AWS.getOrDefault(sender, Set.of()).contains(metric.name());
  }

  /** Every metric is billed. */
  @Test
  void theDashboardShowsEveryMetricOfTheFunctions() {
    Set<String> drawn = new HashSet<>();
    Stream.concat(METRICS.drawn(), METRICS.searches().flatMap(MetricSearch::references))
        .filter(metric -> metric.namespace().equals(JsonLines.NAMESPACE))
        .forEach(metric -> drawn.add(metric.of() + " " + metric.name()));
    Set<String> sent = new HashSet<>();
    SENT_BY_FUNCTION.forEach((function, names) -> names.forEach(n -> sent.add(function + " " + n)));

    assertThat(drawn).containsAll(sent);
  }

  @Test
  void everyAlarmIsOnTheDashboard() {
    assertThat(METRICS.widgets("alarm"))
        .singleElement()
        .satisfies(
            widget ->
                assertThat(widget.path("alarms").valueStream().map(a -> a.asText()))
                    .map(TemplateMetrics::resource)
                    .map(arn -> arn.replace(".Arn", ""))
                    .containsExactlyInAnyOrderElementsOf(METRICS.alarms()));
  }

  @Test
  void everyWidgetHasATitleAndTheStacksRegion() {
    assertThat(METRICS.widgets("metric"))
        .allSatisfy(
            widget -> assertThat(widget.path("region").asText()).isEqualTo("${AWS::Region}"))
        .extracting(widget -> widget.path("title").asText())
        .doesNotHaveDuplicates()
        .doesNotContain("");
  }
}
