package dev.signrelay.local.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import dev.signrelay.local.Exchange;
import dev.signrelay.local.history.Histories;
import dev.signrelay.local.history.RecordedExchange;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/**
 * A filter in front of the local API that serves the console's page at {@code /}, its files and
 * actions below {@code /console/}, and the API reference. It passes all other requests on to the
 * API, and records requests to sign.
 */
record ConsoleFilter(
    Histories histories,
    InstantSource clock,
    EventStream stream,
    FailureModes failureModes,
    DeadLetters deadLetters,
    ApiReference reference)
    implements Exchange.Filter {

  /** Allows only scripts and styles of this server, and forbids scripts to create HTML. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private static final String CONSOLE = "/console/";

  @Override
  public void handle(Exchange exchange, Exchange.Handler next)
      throws IOException, InterruptedException {
    String path = exchange.path();
    boolean isOfReference = path.matches("\\Q" + ApiReference.PATH + "\\E(/.*)?");
    if (path.equals("/crypto/sign")) {
      record(exchange, next);
    } else if (exchange.method().equals("POST") && path.startsWith(CONSOLE)) {
      setHeaders(exchange, POLICY);
      act(exchange, path.substring(CONSOLE.length()).split("/", 2));
    } else if (exchange.reads() && isOfReference) {
      setHeaders(exchange, ApiReference.POLICY);
      reference.serve(exchange);
    } else if (exchange.reads() && path.equals(CONSOLE + "events")) {
      setHeaders(exchange, POLICY);
      stream.serve(exchange);
    } else if (exchange.reads() && (path.equals("/") || path.startsWith(CONSOLE))) {
      setHeaders(exchange, POLICY);
      String name = path.equals("/") ? "console.html" : path.substring(CONSOLE.length());
      StaticFiles.CONSOLE.serve(exchange, name);
    } else {
      next.handle(exchange);
    }
  }

  private static void setHeaders(Exchange exchange, String policy) {
    exchange.set("Content-Security-Policy", policy);
    exchange.set("Referrer-Policy", "same-origin");
    exchange.set("Cache-Control", "no-store");
    exchange.set("X-Content-Type-Options", "nosniff");
  }

  private void record(Exchange exchange, Exchange.Handler next)
      throws IOException, InterruptedException {
    Instant start = clock.instant();
    next.handle(exchange);
    var recorded =
        new RecordedExchange(
            exchange.method(),
            exchange.target(),
            exchange.headers(),
            new String(exchange.body(), UTF_8),
            exchange.status());
    String answer = new String(exchange.responseBody(), UTF_8);
    histories.add(recorded.request(exchange.responseHeaders(), answer, start, clock.instant()));
  }

  /**
   * Performs an action; 404 if it is unknown.
   *
   * @param action a name, and an argument if it has one
   */
  private void act(Exchange exchange, String[] action) throws IOException {
    switch (action[0]) {
      case "redrive" -> redrive(exchange);
      case "clear" -> {
        histories.clear();
        exchange.respond(204, null, "");
      }
      case String name when action.length == 2 && failureModes.set(name, action[1]) ->
          exchange.respond(204, null, "");
      case String _ -> fail(exchange, "Unknown action or mode, or another upstream is in use.");
    }
  }

  /** Redrives the dead letters of the jobs {@code {"ids":[...]}}. */
  private void redrive(Exchange exchange) throws IOException {
    Set<String> ids = new HashSet<>();
    try {
      Json.read(new String(exchange.body(), UTF_8)).path("ids").forEach(id -> ids.add(id.asText()));
    } catch (MalformedJsonException _) {
      // No id is in it.
    }
    int redriven = deadLetters.redrive(ids);
    if (redriven > 0) {
      json(exchange, 200, Json.object().put("redriven", redriven));
    } else {
      fail(exchange, "No dead letter was found. It may already have been redriven.");
    }
  }

  private static void fail(Exchange exchange, String error) throws IOException {
    json(exchange, 404, Json.object().put("error", error));
  }

  private static void json(Exchange exchange, int status, ObjectNode body) throws IOException {
    exchange.respond(status, "application/json", Json.writeAscii(body));
  }
}
