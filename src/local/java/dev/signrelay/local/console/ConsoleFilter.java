package dev.signrelay.local.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import dev.signrelay.local.LocalServer;
import dev.signrelay.local.history.Histories;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A filter in front of the local API that serves the console's page at {@code /}, its files and
 * actions below {@code /console/}, and the API reference. It passes all other requests on to the
 * API, and records them unless they read a job.
 */
final class ConsoleFilter extends Filter {

  /** Allows only scripts and styles of this server, and forbids scripts to create HTML. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private static final String CONSOLE = "/console/";
  private static final String REQUESTS = CONSOLE + "requests/";
  private static final String JOBS = "/crypto/jobs/";

  private final Histories histories;
  private final String server;
  private final RequestRecorder recorder;
  private final EventStream stream;
  private final FailureModes failureModes;
  private final DeadLetters deadLetters;
  private final ApiReference reference;

  /**
   * @param server the URL of the API, without a path
   */
  ConsoleFilter(
      Histories histories,
      String server,
      RequestRecorder recorder,
      EventStream stream,
      FailureModes failureModes,
      DeadLetters deadLetters,
      ApiReference reference) {
    this.histories = histories;
    this.server = server;
    this.recorder = recorder;
    this.stream = stream;
    this.failureModes = failureModes;
    this.deadLetters = deadLetters;
    this.reference = reference;
  }

  @Override
  public String description() {
    return "the local console";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String call = exchange.getRequestMethod() + " " + path;
    if (call.equals("GET /")) {
      show(exchange, POLICY, e -> StaticFiles.CONSOLE.serve(e, "console.html"));
    } else if (call.equals("GET /console/events")) {
      uncached(exchange, stream::serve);
    } else if (call.startsWith("GET " + REQUESTS)) {
      uncached(exchange, e -> request(e, path.substring(REQUESTS.length())));
    } else if (call.startsWith("GET " + CONSOLE)) {
      show(exchange, POLICY, e -> StaticFiles.CONSOLE.serve(e, path.substring(CONSOLE.length())));
    } else if (call.startsWith("POST " + CONSOLE)) {
      uncached(exchange, this::act);
    } else if (call.matches("GET \\Q" + ApiReference.PATH + "\\E(/.*)?")) {
      show(exchange, ApiReference.POLICY, reference::serve);
    } else if (call.startsWith("GET " + JOBS)) {
      chain.doFilter(exchange);
    } else {
      recorder.record(exchange, chain);
    }
  }

  private static void show(HttpExchange exchange, String policy, HttpHandler page)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Security-Policy", policy);
    exchange.getResponseHeaders().set("Referrer-Policy", "same-origin");
    uncached(exchange, page);
  }

  private static void uncached(HttpExchange exchange, HttpHandler page) throws IOException {
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    page.handle(exchange);
  }

  /** Performs the action {@code /console/NAME/ARGUMENT}; 404 if either is unknown. */
  private void act(HttpExchange exchange) throws IOException {
    String[] nameAndArgument =
        exchange.getRequestURI().getPath().substring(CONSOLE.length()).split("/", 2);
    String argument = nameAndArgument.length == 2 ? nameAndArgument[1] : "";
    switch (nameAndArgument[0]) {
      case "upstream" ->
          answer(
              exchange,
              failureModes.setUpstream(argument),
              "The demo upstream must be in use. Modes: healthy, flaky, down, slow or hanging.");
      case "receiver" ->
          answer(
              exchange,
              failureModes.setReceiver(argument),
              "Modes of the receiver: ok, 500, 410 or slow.");
      case "redrive" -> redrive(exchange);
      case "clear" -> {
        histories.clear();
        answer(exchange, true, "");
      }
      case String _ -> answer(exchange, false, "Unknown action.");
    }
  }

  /** The request of a job, with a command that repeats it; 404 if it is unknown. */
  private void request(HttpExchange exchange, String id) throws IOException {
    Optional<ObjectNode> request = histories.request(id, server);
    if (request.isPresent()) {
      json(exchange, 200, request.get());
    } else {
      fail(exchange, 404, "The request of this job is unknown.");
    }
  }

  /** Redrives the dead letters of the jobs {@code {"ids":[...]}}, or {@code {"all":true}}. */
  private void redrive(HttpExchange exchange) throws IOException {
    JsonNode body;
    try {
      body = Json.read(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    } catch (MalformedJsonException _) {
      fail(exchange, 400, "The body must be JSON.");
      return;
    }
    Set<String> ids = new HashSet<>();
    body.path("ids").forEach(id -> ids.add(id.asText()));
    boolean all = body.path("all").asBoolean();
    int redriven = deadLetters.redrive(id -> all || ids.contains(id));
    if (redriven > 0) {
      json(exchange, 200, Json.object().put("redriven", redriven));
    } else {
      fail(exchange, 404, "No dead letter was found. It may already have been redriven.");
    }
  }

  private static void answer(HttpExchange exchange, boolean done, String otherwise)
      throws IOException {
    if (done) {
      LocalServer.respond(exchange, 204, null, "");
    } else {
      fail(exchange, 404, otherwise);
    }
  }

  private static void fail(HttpExchange exchange, int status, String error) throws IOException {
    json(exchange, status, Json.object().put("error", error));
  }

  private static void json(HttpExchange exchange, int status, ObjectNode body) throws IOException {
    LocalServer.respond(exchange, status, "application/json", Json.writeAscii(body));
  }
}
