package dev.signrelay.local.console;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import dev.signrelay.local.LocalServer;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;

/**
 * Records each request to the API and its response in the event feed. The functions' log omits
 * messages and URLs; the console displays them, but does not store them.
 */
record RequestRecorder(EventFeed feed, InstantSource clock) {

  /** The maximum number of characters of a message or URL. */
  private static final int MAX_LENGTH = 200;

  void record(HttpExchange exchange, Filter.Chain chain) throws IOException {
    long start = clock.millis();
    chain.doFilter(exchange);
    String id = exchange.getResponseHeaders().getFirst("X-Request-Id");
    if (id != null) {
      var facts = new LinkedHashMap<String, Object>();
      facts.put("id", id);
      facts.put("message", shortened(LocalServer.parameter(exchange, "message")));
      facts.put("callbackUrl", shortened(LocalServer.parameter(exchange, "callback_url")));
      facts.put("status", exchange.getResponseCode());
      facts.put("signStatus", exchange.getResponseHeaders().getFirst("X-Sign-Status"));
      facts.put("expectedIn", exchange.getResponseHeaders().getFirst("X-Sign-Expected-In"));
      facts.put("millis", clock.millis() - start);
      feed.add("request", start, facts);
    }
  }

  private static String shortened(String text) {
    return text.codePoints()
        .limit(MAX_LENGTH)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
