package dev.signrelay.local.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import dev.signrelay.local.Exchange;
import dev.signrelay.local.history.Histories;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What the console's page asks its server for.
 *
 * @param server the URL of the API, without a path
 */
record ConsoleActions(
    Histories histories, String server, FailureModes failureModes, DeadLetters deadLetters) {

  /**
   * Performs an action; 404 if it is unknown.
   *
   * @param action {@code NAME} or {@code NAME/ARGUMENT}
   */
  void act(Exchange exchange, String action) throws IOException {
    String[] nameAndArgument = action.split("/", 2);
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
  void showRequest(Exchange exchange, String id) throws IOException {
    Optional<ObjectNode> request = histories.request(id, server);
    if (request.isPresent()) {
      json(exchange, 200, request.get());
    } else {
      fail(exchange, 404, "The request of this job is unknown.");
    }
  }

  /** Redrives the dead letters of the jobs {@code {"ids":[...]}}, or {@code {"all":true}}. */
  private void redrive(Exchange exchange) throws IOException {
    JsonNode body;
    try {
      body = Json.read(new String(exchange.body(), UTF_8));
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

  private static void answer(Exchange exchange, boolean done, String otherwise) throws IOException {
    if (done) {
      exchange.respond(204, null, "");
    } else {
      fail(exchange, 404, otherwise);
    }
  }

  private static void fail(Exchange exchange, int status, String error) throws IOException {
    json(exchange, status, Json.object().put("error", error));
  }

  private static void json(Exchange exchange, int status, ObjectNode body) throws IOException {
    exchange.respond(status, "application/json", Json.writeAscii(body));
  }
}
