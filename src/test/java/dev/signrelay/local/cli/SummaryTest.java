package dev.signrelay.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

final class SummaryTest {

  @Test
  void eventsAreCountedAndPassedOn() {
    var passedOn = new ArrayList<LogEvent>();
    var summary = new Summary(passedOn::add);
    assertThat(summary.text()).isEmpty();
    LogEvent request =
        LogEvent.of(Level.INFO, "signing attempt")
            .counted(Metric.REQUESTS)
            .counted(Metric.QUEUED)
            .counted(Metric.UPSTREAM_FAILED);
    summary.write(request);
    summary.write(request.with("decision", "dead-letter"));

    assertThat(summary.text()).isEqualTo("2 requests, 2 queued, 2 calls failed, 1 dead-lettered");
    assertThat(passedOn).hasSize(2);
  }
}
