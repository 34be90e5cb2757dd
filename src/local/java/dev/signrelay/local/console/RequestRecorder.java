package dev.signrelay.local.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.signrelay.local.history.JobEvent;
import dev.signrelay.local.history.RecordedRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Records each request to the API and its response as an event. */
record RequestRecorder(Consumer<JobEvent> events, InstantSource clock) {

  void record(HttpExchange exchange, Filter.Chain chain) throws IOException {
    Instant start = clock.instant();
    byte[] body = exchange.getRequestBody().readAllBytes();
    var answer = new ByteArrayOutputStream();
    exchange.setStreams(
        new ByteArrayInputStream(body), new Copy(exchange.getResponseBody(), answer));
    chain.doFilter(exchange);
    var recorded =
        new RecordedRequest(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toASCIIString(),
            headers(exchange.getRequestHeaders()),
            new String(body, UTF_8),
            exchange.getResponseCode(),
            headers(exchange.getResponseHeaders()),
            answer.toString(UTF_8));
    events.accept(recorded.event(start, clock.instant()));
  }

  private static Map<String, String> headers(Headers headers) {
    return headers.entrySet().stream()
        .collect(toMap(h -> h.getKey().toLowerCase(Locale.ROOT), h -> h.getValue().getFirst()));
  }

  /** Writes to two streams. */
  private static final class Copy extends FilterOutputStream {

    private final OutputStream copy;

    Copy(OutputStream out, OutputStream copy) {
      super(out);
      this.copy = copy;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      copy.write(bytes, offset, length);
    }
  }
}
