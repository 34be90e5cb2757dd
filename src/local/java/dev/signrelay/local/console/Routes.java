package dev.signrelay.local.console;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.signrelay.json.Json;
import dev.signrelay.local.LocalServer;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Serves the console's page at {@code /}, its files and actions below {@code /console/}, and the
 * API reference. All other requests are passed on to the API.
 */
final class Routes extends Filter {

  /** Allows only scripts and styles of this server, and no creation of HTML by scripts. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private static final String CONSOLE = "/console/";

  private final Requests requests;
  private final EventStream stream;
  private final Switches switches;
  private final DeadLetters deadLetters;
  private final ApiReference reference;
  private final Consumer<String> onRedrive;

  /**
   * @param onRedrive notified of the ids of redriven jobs
   */
  Routes(
      Requests requests,
      EventStream stream,
      Switches switches,
      DeadLetters deadLetters,
      ApiReference reference,
      Consumer<String> onRedrive) {
    this.requests = requests;
    this.stream = stream;
    this.switches = switches;
    this.deadLetters = deadLetters;
    this.reference = reference;
    this.onRedrive = onRedrive;
  }

  @Override
  public String description() {
    return "the local console";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Headers headers = exchange.getRequestHeaders();
    String call = exchange.getRequestMethod() + " " + path;
    if (call.equals("GET /")) {
      show(exchange, POLICY, e -> Folder.OWN.serve(e, "console.html"));
    } else if (call.equals("GET /console/events")) {
      ifAllowed(exchange, OwnPage.refusalToTell(headers), stream::serve);
    } else if (call.startsWith("GET " + CONSOLE)) {
      show(exchange, POLICY, e -> Folder.OWN.serve(e, path.substring(CONSOLE.length())));
    } else if (call.startsWith("POST " + CONSOLE)) {
      ifAllowed(exchange, OwnPage.refusalToChange(headers), this::change);
    } else if (call.matches("GET \\Q" + ApiReference.PATH + "\\E(/.*)?")) {
      show(exchange, ApiReference.POLICY, reference::serve);
    } else {
      requests.watch(exchange, chain);
    }
  }

  private static void show(HttpExchange exchange, String policy, HttpHandler page)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Security-Policy", policy);
    exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
    ifAllowed(exchange, OwnPage.refusalToShow(exchange.getRequestHeaders()), page);
  }

  private static void ifAllowed(HttpExchange exchange, @Nullable String refusal, HttpHandler page)
      throws IOException {
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    if (refusal == null) {
      page.handle(exchange);
    } else {
      fail(exchange, 403, refusal);
    }
  }

  /** {@code /console/WHAT/WHICH}. */
  private void change(HttpExchange exchange) throws IOException {
    String[] whatAndWhich =
        exchange.getRequestURI().getPath().substring(CONSOLE.length()).split("/", 2);
    String which = whatAndWhich.length == 2 ? whatAndWhich[1] : "";
    switch (whatAndWhich[0]) {
      case "upstream" ->
          answer(
              exchange,
              switches.turnUpstream(which),
              "The demo upstream must be in use. Modes: healthy, flaky, down, slow or hanging.");
      case "receiver" ->
          answer(
              exchange,
              switches.turnReceiver(which),
              "Modes of the receiver: ok, 500, 410 or slow.");
      case "redrive" -> {
        boolean redriven = deadLetters.redrive(which);
        if (redriven) {
          onRedrive.accept(which);
        }
        answer(
            exchange,
            redriven,
            "There is no dead letter with this id. It may already have been redriven.");
      }
      case String _ -> answer(exchange, false, "Unknown action.");
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
    LocalServer.respond(
        exchange, status, "application/json", Json.write(Json.object().put("error", error)));
  }
}
