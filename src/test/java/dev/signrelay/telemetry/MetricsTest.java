package dev.signrelay.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.AllLogEvents;
import dev.signrelay.testing.EmbeddedMetricFormat;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.SignCase;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The metrics of all handlers are complete and consistent. */
final class MetricsTest {

  private static final Set<Metric> ANSWERS =
      EnumSet.of(
          Metric.SIGNED,
          Metric.QUEUED,
          Metric.UNSIGNED,
          Metric.REJECTED,
          Metric.REFUSED,
          Metric.UNAVAILABLE);

  private static final Set<Metric> UPSTREAM_OUTCOMES =
      EnumSet.of(
          Metric.UPSTREAM_SIGNED,
          Metric.UPSTREAM_FAILED,
          Metric.UPSTREAM_REJECTED,
          Metric.UPSTREAM_KEY_REFUSED);

  private static final Set<Metric> CALLBACK_OUTCOMES =
      EnumSet.of(
          Metric.CALLBACK_DELIVERED,
          Metric.CALLBACK_FAILED,
          Metric.CALLBACK_GONE,
          Metric.CALLBACK_FORBIDDEN);

  static List<AllLogEvents> functions() {
    return AllLogEvents.ofAllFunctions();
  }

  @Test
  void everyMetricIsMeasured() {
    Set<Metric> measured = new HashSet<>();
    functions().forEach(function -> measured.addAll(function.metrics()));

    assertThat(measured).containsExactlyInAnyOrder(Metric.values());
  }

  @ParameterizedTest
  @EnumSource(SignCase.class)
  void aRequestIsOneEventThatCountsItAndItsAnswer(SignCase request) {
    var fakes = new FakeServices();
    int status = request.answerWith(fakes).getStatusCode();

    // A record that could not be written has an event of its own.
    assertThat(fakes.log).filteredOn(e -> e.measurements().containsKey(Metric.REQUESTS)).hasSize(1);
    LogEvent line = fakes.log.getLast();
    assertThat(line.fields())
        .containsEntry("status", status)
        .containsEntry("apiRequestId", SignCase.API_REQUEST_ID);
    assertThat(line.measurements()).containsEntry(Metric.REQUESTS, 1);
    assertThat(line.measurements().keySet())
        .filteredOn(ANSWERS::contains)
        .singleElement()
        .isIn(
            switch (status) {
              case 200 ->
                  EnumSet.of(Metric.SIGNED, Metric.QUEUED, Metric.UNSIGNED, Metric.REJECTED);
              case 202 -> EnumSet.of(Metric.QUEUED);
              case 503 -> EnumSet.of(Metric.UNAVAILABLE);
              default -> EnumSet.of(Metric.REFUSED);
            });
  }

  @ParameterizedTest
  @MethodSource("functions")
  void everyCallAndDeliveryHasALatencyAndOneOutcome(AllLogEvents function) {
    assertThat(function.events())
        .allSatisfy(
            line -> {
              Set<Metric> measured = line.measurements().keySet();
              assertThat(measured.stream().filter(UPSTREAM_OUTCOMES::contains).count())
                  .isEqualTo(measured.contains(Metric.UPSTREAM_LATENCY) ? 1 : 0);
              assertThat(measured.stream().filter(CALLBACK_OUTCOMES::contains).count())
                  .isEqualTo(measured.contains(Metric.CALLBACK_LATENCY) ? 1 : 0);
            });
  }

  /** A job that the queue did not store is not a dead letter yet. */
  @ParameterizedTest
  @MethodSource("functions")
  void aDeadLetterIsCountedOnlyIfItIsStored(AllLogEvents function) {
    assertThat(function.events())
        .filteredOn(line -> line.fields().containsKey("reason"))
        .isNotEmpty()
        .allSatisfy(
            line -> {
              boolean stored = !line.measurements().containsKey(Metric.QUEUE_UNAVAILABLE);
              assertThat(deadLetters(line).count()).isEqualTo(stored ? 1 : 0);
              assertThat(deadLetters(line))
                  .allSatisfy(
                      metric ->
                          assertThat("dead-letter-" + line.fields().get("reason"))
                              .isEqualToIgnoringCase(metric.name().replace('_', '-')));
            });
  }

  /** Each value of a dimension creates new metrics, which are billed: no id or host is one. */
  @ParameterizedTest
  @MethodSource("functions")
  void everyLineWithMetricsIsInTheirFormatAndHasTheFunctionAsItsOnlyDimension(
      AllLogEvents function) {
    assertThat(function.lines())
        .filteredOn(EmbeddedMetricFormat::claims)
        .isNotEmpty()
        .allSatisfy(
            line -> {
              assertThat(EmbeddedMetricFormat.violations(line)).isEmpty();
              assertThat(line.at("/_aws/CloudWatchMetrics/0/Dimensions"))
                  .hasToString("[[\"FunctionName\"]]");
              assertThat(line.path("FunctionName").textValue()).isEqualTo(function.function());
            });
  }

  private static Stream<Metric> deadLetters(LogEvent line) {
    return line.measurements().keySet().stream()
        .filter(metric -> metric.name().startsWith("DEAD_LETTER_"));
  }
}
