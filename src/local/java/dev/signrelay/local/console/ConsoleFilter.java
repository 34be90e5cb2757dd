package dev.signrelay.local.console;

import dev.signrelay.local.Exchange;
import java.io.IOException;

/**
 * A filter in front of the local API that serves the console's page at {@code /}, its files and
 * actions below {@code /console/}, and the API reference. It passes all other requests on to the
 * API, and records requests to sign.
 */
final class ConsoleFilter implements Exchange.Filter {

  /** Allows only scripts and styles of this server, and forbids scripts to create HTML. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private static final String CONSOLE = "/console/";
  private static final String REQUESTS = CONSOLE + "requests/";
  private static final String SIGN = "/crypto/sign";

  private final RequestRecorder recorder;
  private final EventStream stream;
  private final ConsoleActions actions;
  private final ApiReference reference;

  ConsoleFilter(
      RequestRecorder recorder,
      EventStream stream,
      ConsoleActions actions,
      ApiReference reference) {
    this.recorder = recorder;
    this.stream = stream;
    this.actions = actions;
    this.reference = reference;
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
    } else if (call.startsWith("GET " + REQUESTS)) {
      uncached(exchange, e -> actions.showRequest(e, path.substring(REQUESTS.length())));
    } else if (call.startsWith("GET " + CONSOLE)) {
      show(exchange, POLICY, e -> StaticFiles.CONSOLE.serve(e, path.substring(CONSOLE.length())));
    } else if (call.startsWith("POST " + CONSOLE)) {
      uncached(exchange, e -> actions.act(e, path.substring(CONSOLE.length())));
    } else if (call.matches("GET \\Q" + ApiReference.PATH + "\\E(/.*)?")) {
      show(exchange, ApiReference.POLICY, reference::serve);
    } else if (path.equals(SIGN)) {
      recorder.record(exchange, next);
    } else {
      next.handle(exchange);
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
}
