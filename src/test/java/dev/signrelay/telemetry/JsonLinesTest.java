package dev.signrelay.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import dev.signrelay.telemetry.LogEvent.Level;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonLinesTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final EventLog log =
      new JsonLines(
          new PrintStream(bytes, true, UTF_8),
          () -> Instant.parse("2026-11-23T12:00:00.5Z"),
          "stack-SignFunction-x");

  @Test
  void anEventIsOneLineThatStartsWithItsTimeLevelAndName() {
    log.write(LogEvent.of(Level.WARN, "signing attempt").with("id", "id-1").with("attempt", 2));

    assertThat(lines())
        .containsExactly(
            """
            {"timestamp":"2026-11-23T12:00:00.500Z","level":"WARN","event":"signing attempt",\
            "id":"id-1","attempt":2}""");
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void theLevelIsTheOneLambdaFiltersBy(Level level) {
    log.write(LogEvent.of(level, "x"));

    assertThat(lines()).singleElement().asString().contains("\"level\":\"" + level + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\nb", "a\r\nb\r", "\u0085\u2028\u2029", "\u000b\f", "\"},\n{\"level\":"})
  void aValueNeverBreaksTheLine(String value) throws MalformedJsonException {
    log.write(LogEvent.of(Level.INFO, value).with("error", value));

    assertThat(bytes.toString(UTF_8).strip()).matches("[ -~]+");
    var line = Json.read(bytes.toString(UTF_8));
    assertThat(line.get("error").textValue()).isEqualTo(value);
    assertThat(line.get("event").textValue()).isEqualTo(value);
  }

  @Test
  void numbersStayNumbers() {
    log.write(LogEvent.of(Level.INFO, "x").with("millis", 12L).with("delaySeconds", 1.5));

    assertThat(lines()).singleElement().asString().endsWith("\"millis\":12,\"delaySeconds\":1.5}");
  }

  /** "Specification: Embedded metric format": each metric that is declared is a member. */
  @Test
  void whatIsMeasuredIsDeclaredInTheSameLine() {
    log.write(
        LogEvent.of(Level.INFO, "callback attempt")
            .measured(Metric.DELIVERY_AGE, 1.5)
            .with("id", "id-1")
            .counted(Metric.CALLBACK_DELIVERED)
            .measured(Metric.CALLBACK_LATENCY, 12L));

    assertThat(lines())
        .containsExactly(
            """
            {"timestamp":"2026-11-23T12:00:00.500Z","level":"INFO","event":"callback attempt",\
            "id":"id-1","FunctionName":"stack-SignFunction-x",\
            "CallbackLatency":12,"CallbackDelivered":1,"DeliveryAge":1.5,\
            "_aws":{"Timestamp":1795435200500,"CloudWatchMetrics":[{"Namespace":"SignRelay",\
            "Dimensions":[["FunctionName"]],"Metrics":[\
            {"Name":"CallbackLatency","Unit":"Milliseconds"},\
            {"Name":"CallbackDelivered","Unit":"Count"},\
            {"Name":"DeliveryAge","Unit":"Seconds"}]}]}}""");
  }

  @Test
  void aLineKeepsItsMeasurementsWhenItBecomesMoreUrgent() {
    LogEvent line = LogEvent.of(Level.INFO, "x").counted(Metric.QUEUE_UNAVAILABLE);

    assertThat(line.atLeast(Level.ERROR).measurements())
        .containsExactly(Map.entry(Metric.QUEUE_UNAVAILABLE, 1));
    assertThat(line.atLeast(Level.ERROR).level()).isEqualTo(Level.ERROR);
  }

  @Test
  void eachEventHasItsOwnLine() {
    log.write(LogEvent.of(Level.INFO, "one"));
    log.write(LogEvent.of(Level.ERROR, "two"));

    assertThat(lines()).hasSize(2);
    assertThat(bytes.toString(UTF_8)).endsWith("}" + System.lineSeparator());
  }

  @Test
  void aFactThatIsNotKnownIsLeftOut() {
    assertThat(LogEvent.of(Level.INFO, "x").with("at", null).fields()).isEmpty();
  }

  @Test
  void anEventKeepsItsFactsInOrderAndToItself() {
    var fields = new HashMap<String, Object>();
    fields.put("a", 1);
    var measurements = new HashMap<Metric, Number>();
    measurements.put(Metric.REQUESTS, 1);
    var event = new LogEvent(Level.INFO, "x", fields, measurements);
    fields.put("b", 2);
    measurements.put(Metric.QUEUED, 1);
    LogEvent more = event.with("z", 1).with("y", 2).with("a", 3);

    assertThat(event.fields()).containsOnlyKeys("a");
    assertThat(event.measurements()).containsOnlyKeys(Metric.REQUESTS);
    assertThat(more.measurements()).isEqualTo(event.measurements());
    assertThat(more.fields().toString()).isEqualTo("{a=3, z=1, y=2}");
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> event.fields().clear());
  }

  private Stream<String> lines() {
    return bytes.toString(UTF_8).lines();
  }
}
