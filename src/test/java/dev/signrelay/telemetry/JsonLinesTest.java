package dev.signrelay.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import dev.signrelay.telemetry.LogEvent.Level;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
    log.write(
        LogEvent.of(Level.WARN, "signing attempt")
            .with("id", "id-1")
            .with("attempt", 2)
            .with("delaySeconds", 1.5));

    assertThat(lines())
        .containsExactly(
            """
            {"timestamp":"2026-11-23T12:00:00.500Z","level":"WARN","event":"signing attempt",\
            "id":"id-1","attempt":2,"delaySeconds":1.5}""");
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

  /** "Specification: Embedded metric format": each declared metric is a member of the line. */
  @Test
  void measurementsAreDeclaredInTheSameLine() {
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
            "_aws":{"CloudWatchMetrics":[{"Dimensions":[["FunctionName"]],"Metrics":[\
            {"Name":"CallbackLatency","Unit":"Milliseconds"},\
            {"Name":"CallbackDelivered","Unit":"Count"},\
            {"Name":"DeliveryAge","Unit":"Seconds"}],"Namespace":"SignRelay"}],\
            "Timestamp":1795435200500}}""");
  }

  private Stream<String> lines() {
    return bytes.toString(UTF_8).lines();
  }
}
