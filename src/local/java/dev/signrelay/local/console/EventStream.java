package dev.signrelay.local.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.Exchange;
import dev.signrelay.local.history.Histories;
import dev.signrelay.local.history.Histories.Changes;
import dev.signrelay.local.history.Histories.Version;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;

/**
 * Streams the jobs to a page as server-sent events (HTML standard, "Server-sent events"): first all
 * jobs, then each job that has changed, and the metrics at least once per second. A page that
 * reconnects gets everything again, and so also what another run knows.
 */
record EventStream(Histories histories, CurrentMetrics metrics) {

  private static final Duration METRICS_INTERVAL = Duration.ofSeconds(1);

  /** Changes within this time are sent together. */
  private static final Duration BATCH_WINDOW = Duration.ofMillis(30);

  /** Throws when the page has closed the connection. A {@code HEAD} gets no event. */
  void serve(Exchange exchange) throws IOException, InterruptedException {
    if (exchange.method().equals("HEAD")) {
      exchange.respond(200, "text/event-stream", "");
      return;
    }
    Version seen = Version.NONE;
    try (OutputStream out = exchange.stream("text/event-stream")) {
      out.write("retry: 1000\n\n".getBytes(UTF_8));
      while (true) {
        Changes changes = histories.after(seen, METRICS_INTERVAL);
        seen = changes.version();
        out.write((text(changes) + event("metrics", metrics.json())).getBytes(UTF_8));
        out.flush();
        Thread.sleep(BATCH_WINDOW);
      }
    }
  }

  private static String text(Changes changes) {
    var text = new StringBuilder();
    if (changes.known() != null) {
      text.append(event("known", Json.tree(Map.of("jobs", changes.known()))));
    }
    changes.jobs().forEach(job -> text.append(event("job", job)));
    changes.deliveries().forEach(delivery -> text.append(event("delivery", delivery)));
    return text.append(event("line", changes.line())).toString();
  }

  /** JSON in ASCII has no line breaks. */
  private static String event(String name, JsonNode data) {
    return "event: %s\ndata: %s\n\n".formatted(name, Json.writeAscii(data));
  }
}
