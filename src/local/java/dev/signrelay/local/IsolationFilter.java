package dev.signrelay.local;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** Answers what {@link IsolationPolicy} refuses with 403 and the reason. */
final class IsolationFilter extends Filter {

  /** The only path at which a {@code GET} has an effect. */
  private static final String SIGN = "/crypto/sign";

  @Override
  public String description() {
    return "refuses web pages of other origins";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    boolean acts =
        !exchange.getRequestMethod().equals("GET")
            || exchange.getRequestURI().getPath().equals(SIGN);
    Optional<String> refusal =
        IsolationPolicy.refusal(
            exchange.getRequestHeaders()::getFirst, exchange.getLocalAddress().getAddress(), acts);
    if (refusal.isEmpty()) {
      chain.doFilter(exchange);
      return;
    }
    // A response before the end of the request would be a reset for the client.
    exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    LocalServer.respond(exchange, 403, "application/json", IsolationPolicy.body(refusal.get()));
  }
}
