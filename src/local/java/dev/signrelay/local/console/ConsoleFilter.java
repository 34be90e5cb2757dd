package dev.signrelay.local.console;

import dev.signrelay.json.Json;
import dev.signrelay.local.Exchange;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * A filter in front of the local API that serves the console's page at {@code /}, its files and
 * actions below {@code /console/}, and the API reference. It passes all other requests on to the
 * API, and records them unless they read a job.
 */
final class ConsoleFilter implements Exchange.Filter {

  /** Allows only scripts and styles of this server, and forbids scripts to create HTML. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private static final String CONSOLE = "/console/";
  private static final String JOBS = "/crypto/jobs/";

  private final RequestRecorder recorder;
  private final EventStream stream;
  private final FailureModes failureModes;
  private final DeadLetters deadLetters;
  private final ApiReference reference;
  private final Consumer<String> onRedrive;

  /**
   * @param onRedrive notified of the ids of redriven jobs
   */
  ConsoleFilter(
      RequestRecorder recorder,
      EventStream stream,
      FailureModes failureModes,
      DeadLetters deadLetters,
      ApiReference reference,
      Consumer<String> onRedrive) {
    this.recorder = recorder;
    this.stream = stream;
    this.failureModes = failureModes;
    this.deadLetters = deadLetters;
    this.reference = reference;
    this.onRedrive = onRedrive;
  }

  @Override
  public void handle(Exchange exchange, Exchange.Handler next)
      throws IOException, InterruptedException {
    String path = exchange.path();
    String call = (exchange.reads() ? "GET" : exchange.method()) + " " + path;
    if (call.equals("GET /")) {
      show(exchange, POLICY, e -> StaticFiles.CONSOLE.serve(e, "console.html"));
    } else if (call.equals("GET /console/events")) {
      uncached(exchange, stream::serve);
    } else if (call.startsWith("GET " + CONSOLE)) {
      show(exchange, POLICY, e -> StaticFiles.CONSOLE.serve(e, path.substring(CONSOLE.length())));
    } else if (call.startsWith("POST " + CONSOLE)) {
      uncached(exchange, this::act);
    } else if (call.matches("GET \\Q" + ApiReference.PATH + "\\E(/.*)?")) {
      show(exchange, ApiReference.POLICY, reference::serve);
    } else if (call.startsWith("GET " + JOBS)) {
      next.handle(exchange);
    } else {
      recorder.record(exchange, next);
    }
  }

  private static void show(Exchange exchange, String policy, Exchange.Handler page)
      throws IOException, InterruptedException {
    exchange.set("Content-Security-Policy", policy);
    exchange.set("Referrer-Policy", "same-origin");
    uncached(exchange, page);
  }

  private static void uncached(Exchange exchange, Exchange.Handler page)
      throws IOException, InterruptedException {
    exchange.set("Cache-Control", "no-store");
    exchange.set("X-Content-Type-Options", "nosniff");
    page.handle(exchange);
  }

  /** Performs the action {@code /console/NAME/ARGUMENT}; 404 if either is unknown. */
  private void act(Exchange exchange) throws IOException {
    String[] nameAndArgument = exchange.path().substring(CONSOLE.length()).split("/", 2);
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
      case "redrive" -> {
        boolean redriven = deadLetters.redrive(argument);
        if (redriven) {
          onRedrive.accept(argument);
        }
        answer(
            exchange,
            redriven,
            "There is no dead letter with this id. It may already have been redriven.");
      }
      case String _ -> answer(exchange, false, "Unknown action.");
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
    exchange.respond(status, "application/json", Json.write(Json.object().put("error", error)));
  }
}
