package dev.signrelay.benchmark;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The signing API and the receiver of callbacks. The receiver answers at once. What the signing API
 * does with a message, the message says: {@code sign-N} is signed after N ms, {@code fail-N} gets a
 * 503 after N ms. What may follow makes messages differ.
 */
record Upstream() implements HttpHandler {

  private static final byte[] SIGNATURE =
      "c2lnbmF0dXJlIG9mIGEgbWVzc2FnZSwgc2l4dHktZm91ciBjaGFyYWN0ZXJzLi4u"
          .getBytes(StandardCharsets.US_ASCII);

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().equals("/crypto/sign")) {
      exchange.getRequestBody().readAllBytes();
      HttpAnswer.send(exchange, 204, new byte[0]);
      return;
    }
    String query = exchange.getRequestURI().getRawQuery();
    String message =
        URLDecoder.decode(query.substring("message=".length()), StandardCharsets.UTF_8);
    String[] words = message.split("-");
    sleep(Duration.ofMillis(Long.parseLong(words[1])));
    if (words[0].equals("fail")) {
      HttpAnswer.send(exchange, 503, "unavailable".getBytes(StandardCharsets.US_ASCII));
    } else {
      exchange.getResponseHeaders().set("Content-Type", "text/plain");
      HttpAnswer.send(exchange, 200, SIGNATURE);
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
