package dev.signrelay.local.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.signrelay.local.Exchange;
import dev.signrelay.local.history.JobEvent;
import dev.signrelay.local.history.RecordedRequest;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/** Records each request to sign and its response as an event. */
record RequestRecorder(Consumer<JobEvent> events, InstantSource clock) {

  void record(Exchange exchange, Exchange.Handler next) throws IOException, InterruptedException {
    Instant start = clock.instant();
    next.handle(exchange);
    var recorded =
        new RecordedRequest(
            exchange.method(),
            exchange.target(),
            exchange.headers(),
            new String(exchange.body(), UTF_8),
            exchange.status(),
            exchange.responseHeaders(),
            new String(exchange.responseBody(), UTF_8));
    events.accept(recorded.event(start, clock.instant()));
  }
}
