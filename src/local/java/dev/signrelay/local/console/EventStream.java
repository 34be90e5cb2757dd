package dev.signrelay.local.console;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.Exchange;
import dev.signrelay.local.history.Histories;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * Streams the jobs to a page as server-sent events (HTML standard, "Server-sent events"): first all
 * jobs, then those that have changed, with the metrics, at least once per second. A page that
 * reconnects gets everything again, and so also what another run knows.
 */
record EventStream(Histories histories, CurrentMetrics metrics) {

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** Changes within this time are sent together. */
  private static final Duration BATCH_WINDOW = Duration.ofMillis(30);

  /** Throws when the page has closed the connection. A {@code HEAD} gets no event. */
  void serve(Exchange exchange) throws IOException, InterruptedException {
    if (exchange.method().equals("HEAD")) {
      exchange.respond(200, "text/event-stream", "");
      return;
    }
    long seen = Histories.NOTHING;
    try (OutputStream out = exchange.stream("text/event-stream")) {
      out.write("retry: 1000\n\n".getBytes(US_ASCII));
      while (true) {
        ObjectNode event = histories.after(seen, INTERVAL);
        seen = event.path("version").asLong();
        event.set("metrics", metrics.json());
        // JSON in ASCII has no line breaks.
        out.write("data: %s\n\n".formatted(Json.writeAscii(event)).getBytes(US_ASCII));
        out.flush();
        Thread.sleep(BATCH_WINDOW);
      }
    }
  }
}
