package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.console.EventFeed.Entry;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class EventFeedTest {

  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofMinutes(5);

  private final EventFeed feed = new EventFeed(3, () -> Instant.ofEpochMilli(42));

  @Test
  void aLogEventIsBufferedWithItsTimeItsFieldsAndItsMeasurements() throws Exception {
    feed.write(
        LogEvent.of(LogEvent.Level.INFO, "rate limited")
            .with("id", "a")
            .with("attempt", 2)
            .measured(Metric.LIMITER_WAIT, 7));

    assertThat(feed.after(0, SHORT))
        .containsExactly(
            new Entry(
                1,
                "{\"at\":42,\"event\":\"rate limited\",\"id\":\"a\",\"attempt\":2,\"LimiterWait\":7}"));
  }

  @Test
  void lineBreaksInFieldsAreEscaped() throws Exception {
    feed.add("request", 0, Map.of("message", "a\n\ndata: b\r\u2028\u0085"));

    assertThat(feed.after(0, SHORT).getFirst().json()).matches("[\\x20-\\x7e]+");
  }

  @Test
  void aNewReaderGetsTheBufferedEvents() throws Exception {
    for (int i = 1; i <= 5; i++) {
      feed.add("event " + i, 0, Map.of());
    }

    assertThat(feed.after(0, SHORT)).extracting(Entry::number).containsExactly(3L, 4L, 5L);
    assertThat(feed.after(4, SHORT)).extracting(Entry::number).containsExactly(5L);
    assertThat(feed.after(5, SHORT)).isEmpty();
  }

  @Test
  void aWaitingReaderIsNotifiedOfANewEvent() throws Exception {
    var received = new CompletableFuture<Long>();
    Thread.startVirtualThread(
        () -> {
          try {
            received.complete(feed.after(0, LONG).getFirst().number());
          } catch (InterruptedException e) {
            received.completeExceptionally(e);
          }
        });

    feed.add("something", 0, Map.of());

    assertThat(received.get(1, TimeUnit.MINUTES)).isEqualTo(1);
  }
}
