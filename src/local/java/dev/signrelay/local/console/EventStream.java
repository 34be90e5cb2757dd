package dev.signrelay.local.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.Exchange;
import dev.signrelay.local.history.Histories;
import dev.signrelay.local.history.Histories.Changes;
import dev.signrelay.local.history.Histories.Version;
import java.io.BufferedOutputStream;
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

  private static final int BUFFER_BYTES = 64 * 1024;

  /** Changes within this time are sent together. */
  private static final Duration BATCH_WINDOW = Duration.ofMillis(30);

  /** Throws when the page has closed the connection. A {@code HEAD} gets no event. */
  void serve(Exchange exchange) throws IOException, InterruptedException {
    if (exchange.method().equals("HEAD")) {
      exchange.respond(200, "text/event-stream", "");
      return;
    }
    Version seen = Version.NONE;
    try (var out = new BufferedOutputStream(exchange.stream("text/event-stream"), BUFFER_BYTES)) {
      out.write("retry: 1000\n\n".getBytes(UTF_8));
      out.flush();
      while (true) {
        Changes changes = histories.after(seen, METRICS_INTERVAL);
        seen = changes.version();
        write(out, changes);
        out.flush();
        write(out, "metrics", metrics.json());
        out.flush();
        Thread.sleep(BATCH_WINDOW);
      }
    }
  }

  private static void write(OutputStream out, Changes changes) throws IOException {
    if (changes.known() != null) {
      write(out, "known", Json.tree(Map.of("jobs", changes.known())));
    }
    for (JsonNode job : changes.jobs()) {
      write(out, "job", job);
    }
    for (JsonNode delivery : changes.deliveries()) {
      write(out, "delivery", delivery);
    }
    write(out, "line", Json.tree(Map.of("jobs", changes.line())));
  }

  /** JSON in ASCII has no line breaks. */
  private static void write(OutputStream out, String name, JsonNode data) throws IOException {
    out.write("event: %s\ndata: %s\n\n".formatted(name, Json.writeAscii(data)).getBytes(UTF_8));
  }
}
