package dev.signrelay.local.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.signrelay.local.Exchange;
import dev.signrelay.local.console.EventFeed.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Streams events to a page as server-sent events (HTML standard, "Server-sent events"): first the
 * buffered events, then new events as they occur, and the metrics at least once per second. A page
 * that reconnects resumes after the last event that it has received.
 */
final class EventStream {

  private static final Duration METRICS_INTERVAL = Duration.ofSeconds(1);

  private final EventFeed feed;
  private final CurrentMetrics metrics;

  /** Identifies this run, because event numbers restart in each run. */
  private final String run;

  EventStream(EventFeed feed, CurrentMetrics metrics, String run) {
    this.feed = feed;
    this.metrics = metrics;
    this.run = run;
  }

  /** Throws when the page has closed the connection. A {@code HEAD} gets no event. */
  void serve(Exchange exchange) throws IOException, InterruptedException {
    if (exchange.method().equals("HEAD")) {
      exchange.respond(200, "text/event-stream", "");
      return;
    }
    long seen = resume(exchange.header("Last-Event-ID"));
    try (OutputStream out = exchange.stream("text/event-stream")) {
      write(out, "retry: 1000\nevent: run\ndata: %s\n\n".formatted(run));
      while (true) {
        write(out, "event: metrics\ndata: %s\n\n".formatted(metrics.json()));
        for (Entry entry : feed.after(seen, METRICS_INTERVAL)) {
          seen = entry.number();
          write(out, "id: %s-%d\ndata: %s\n\n".formatted(run, seen, entry.json()));
        }
      }
    }
  }

  private static void write(OutputStream out, String event) throws IOException {
    out.write(event.getBytes(UTF_8));
  }

  /** The number to resume after; 0 (all events) for a new page or one of another run. */
  private long resume(@Nullable String lastEventId) {
    return lastEventId != null && lastEventId.matches("\\Q" + run + "\\E-\\d{1,18}")
        ? Long.parseLong(lastEventId.substring(run.length() + 1))
        : 0;
  }
}
