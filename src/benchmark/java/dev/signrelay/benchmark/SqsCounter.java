package dev.signrelay.benchmark;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands before an SQS server and counts what it is asked. {@code GET} tells the number, and starts
 * again.
 */
final class SqsCounter implements HttpHandler {

  private final URI server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicLong requests = new AtomicLong();

  SqsCounter(URI server) {
    this.server = server;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("GET")) {
      String count = Long.toString(requests.getAndSet(0));
      HttpAnswer.send(exchange, 200, count.getBytes(StandardCharsets.US_ASCII));
      return;
    }
    requests.incrementAndGet();
    var request =
        HttpRequest.newBuilder(server.resolve(exchange.getRequestURI().getPath()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    for (String name :
        new String[] {"Content-Type", "X-Amz-Target", "Authorization", "X-Amz-Date"}) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    try {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      response
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
      HttpAnswer.send(exchange, response.statusCode(), response.body());
    } catch (InterruptedException _) {
      exchange.close();
    }
  }
}
