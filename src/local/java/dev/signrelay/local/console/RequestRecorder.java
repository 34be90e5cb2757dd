package dev.signrelay.local.console;

import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import dev.signrelay.local.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;

/**
 * Records each request to the API and its response in the event feed. The functions' log omits
 * messages and URLs; the console displays them, but does not store them.
 */
record RequestRecorder(EventFeed feed, InstantSource clock) {

  /** The maximum number of characters of a message or URL. */
  private static final int MAX_LENGTH = 200;

  void record(Exchange exchange, Exchange.Handler next) throws IOException, InterruptedException {
    long start = clock.millis();
    next.handle(exchange);
    String id = exchange.responseHeader("X-Request-Id");
    if (id != null) {
      var facts = new LinkedHashMap<String, Object>();
      facts.put("id", id);
      facts.put("message", shortened(given("message", exchange)));
      facts.put("callbackUrl", shortened(given("callback_url", exchange)));
      facts.put("status", exchange.status());
      facts.put("signStatus", exchange.responseHeader("X-Sign-Status"));
      facts.put("expectedIn", exchange.responseHeader("X-Sign-Expected-In"));
      facts.put("millis", clock.millis() - start);
      feed.add("request", start, facts);
    }
  }

  /** What a request gives in its JSON body or its query; empty: nothing. */
  private static String given(String name, Exchange exchange) throws IOException {
    try {
      byte[] body = exchange.body();
      return body.length == 0
          ? exchange.parameter(name)
          : Json.read(new String(body, StandardCharsets.UTF_8)).path(name).asText();
    } catch (MalformedJsonException _) {
      return "";
    }
  }

  private static String shortened(String text) {
    return text.codePoints()
        .limit(MAX_LENGTH)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
