package dev.signrelay.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.signrelay.telemetry.LogEvent.Level;
import java.util.HashMap;
import org.junit.jupiter.api.Test;

final class LogEventTest {

  @Test
  void aHigherLevelKeepsFieldsAndMeasurements() {
    LogEvent event =
        LogEvent.of(Level.WARN, "x").with("id", "id-1").counted(Metric.QUEUE_UNAVAILABLE);

    LogEvent error = event.atLeast(Level.ERROR);

    assertThat(error.level()).isEqualTo(Level.ERROR);
    assertThat(error.fields()).containsExactly(entry("id", "id-1"));
    assertThat(error.measurements()).containsExactly(entry(Metric.QUEUE_UNAVAILABLE, 1));
    assertThat(event.atLeast(Level.INFO)).isEqualTo(event);
    assertThat(event.atLeast(Level.WARN)).isEqualTo(event);
  }

  @Test
  void aFieldWithoutAValueIsOmitted() {
    assertThat(LogEvent.of(Level.INFO, "x").with("at", null).fields()).isEmpty();
  }

  @Test
  void fieldsKeepTheirOrderAndMeasurements() {
    LogEvent event =
        LogEvent.of(Level.INFO, "x")
            .counted(Metric.REQUESTS)
            .with("z", 1)
            .with("y", 2)
            .with("a", 3);

    assertThat(event.fields()).containsExactly(entry("z", 1), entry("y", 2), entry("a", 3));
    assertThat(event.measurements()).containsOnlyKeys(Metric.REQUESTS);
  }

  @Test
  void anEventIsImmutable() {
    var fields = new HashMap<String, Object>();
    fields.put("a", 1);
    var measurements = new HashMap<Metric, Number>();
    measurements.put(Metric.REQUESTS, 1);
    var event = new LogEvent(Level.INFO, "x", fields, measurements);

    fields.put("b", 2);
    measurements.put(Metric.QUEUED, 1);

    assertThat(event.fields()).containsOnlyKeys("a");
    assertThat(event.measurements()).containsOnlyKeys(Metric.REQUESTS);
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> event.fields().clear());
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> event.measurements().clear());
  }
}
