package dev.signrelay.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Emulates an API Gateway HTTP API in front of SignFunction, with the routes of the template. */
public final class ApiGatewayFront {

  /** API Gateway's quota for the request line and the headers of an HTTP API. */
  public static final int MAX_HEAD_BYTES = 10_240;

  /** In place of bytes of the URL that are neither percent-encoded nor UTF-8. */
  private static final char REPLACEMENT = '\uFFFD';

  private final LambdaFunction function;
  private final BooleanSupplier throttle;
  private final List<ApiRoute> routes = ApiRoute.of(Template.read(), "SignFunction");

  /**
   * @param throttle returns whether another request is admitted; others are answered with 429
   */
  public ApiGatewayFront(LambdaFunction function, BooleanSupplier throttle) {
    this.function = function;
    this.throttle = throttle;
  }

  public void handle(Exchange exchange) throws IOException, InterruptedException {
    if (exchange.target().indexOf(REPLACEMENT) >= 0) {
      refuse(exchange, 400, "Bad Request");
      return;
    }
    for (ApiRoute route : routes) {
      Optional<Map<String, String>> match = route.match(exchange.method(), exchange.path());
      if (match.isPresent()) {
        handle(exchange, route, match.get());
        return;
      }
    }
    refuse(exchange, 404, "Not Found");
  }

  private void handle(Exchange exchange, ApiRoute route, Map<String, String> pathParameters)
      throws IOException, InterruptedException {
    Instant now = Instant.now();
    if (exchange.body().length > Exchange.MAX_BODY_BYTES) {
      refuse(exchange, 413, "Request Entity Too Large");
    } else if (!throttle.getAsBoolean()) {
      refuse(exchange, 429, "Too Many Requests");
    } else {
      String id = UUID.randomUUID().toString();
      JsonNode response =
          invoke(Json.write(ApiRequest.of(exchange).event(route, pathParameters, id, now)));
      if (response == null) {
        refuse(exchange, 500, "Internal Server Error");
      } else {
        respond(exchange, response);
      }
    }
  }

  /** Null if the invocation fails, or takes longer than the function's timeout. */
  private @Nullable JsonNode invoke(String event) throws InterruptedException {
    var invocation = new FutureTask<>(() -> function.invoke(event));
    Thread.startVirtualThread(invocation);
    try {
      return invocation.get(function.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      e.getCause().printStackTrace();
    } catch (TimeoutException _) {
      System.err.printf("%s timed out after %s%n", function.name(), function.timeout());
      invocation.cancel(true);
    }
    return null;
  }

  private static void respond(Exchange exchange, JsonNode response) throws IOException {
    response
        .path("headers")
        .properties()
        .forEach(h -> exchange.set(h.getKey().toLowerCase(Locale.ROOT), h.getValue().textValue()));
    exchange.respond(response.path("statusCode").intValue(), null, response.path("body").asText());
  }

  private static void refuse(Exchange exchange, int status, String message) throws IOException {
    exchange.respond(status, "application/json", Json.write(Json.object().put("message", message)));
  }
}
