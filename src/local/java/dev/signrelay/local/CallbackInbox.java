package dev.signrelay.local;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A callback receiver that stores all deliveries and lists them in response to GET requests. */
public final class CallbackInbox implements AutoCloseable {

  /**
   * A POST request that was received.
   *
   * @param headers with case-insensitive names
   * @param status of the response
   */
  public record Delivery(
      String target, Map<String, String> headers, String contentType, String body, int status) {

    public String id() {
      return headers.getOrDefault("webhook-id", "");
    }

    public @Nullable String signature() {
      try {
        return Json.read(body).path("data").textValue();
      } catch (MalformedJsonException _) {
        return null;
      }
    }

    /** Whether the Standard Webhooks library accepts the signature and the timestamp. */
    public boolean isSignedWith(String secret) {
      var values = new HashMap<String, List<String>>();
      headers.forEach((name, value) -> values.put(name, List.of(value)));
      try {
        new Webhook(secret).verify(body, values);
        return true;
      } catch (WebhookVerificationException | EmptyWebhookSecretException _) {
        return false;
      }
    }

    /** A line of JSON with what it takes to verify the signature. */
    String line() {
      return Json.write(
              Json.object()
                  .put("webhook-id", id())
                  .put("webhook-timestamp", headers.get("webhook-timestamp"))
                  .put("webhook-signature", headers.get("webhook-signature"))
                  .put("answered", status)
                  .put("body", body))
          + "\n";
    }
  }

  private final LocalServer server;
  private final List<Delivery> deliveries = new ArrayList<>();
  private final Consumer<Delivery> listener;
  private volatile ToIntFunction<String> statuses = _ -> 204;

  /**
   * @param listener notified of each delivery
   * @throws IOException if the port is already in use
   */
  public CallbackInbox(String bind, int port, Consumer<Delivery> listener) throws IOException {
    this.listener = listener;
    this.server = new LocalServer(bind, port, this::handle);
  }

  public LocalServer server() {
    return server;
  }

  public String url() {
    return server.url() + "/inbox";
  }

  /**
   * @param statuses returns the response status for a {@code webhook-id}
   */
  public void answerWith(ToIntFunction<String> statuses) {
    this.statuses = statuses;
  }

  public synchronized List<Delivery> deliveries() {
    return List.copyOf(deliveries);
  }

  private void handle(Exchange exchange) throws IOException {
    if (!exchange.method().equals("POST")) {
      // A type that browsers show. They would save JSON lines as a file.
      exchange.respond(200, "text/plain; charset=utf-8", listing());
      return;
    }
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(exchange.headers());
    String body = new String(exchange.body(), StandardCharsets.UTF_8);
    int status = statuses.applyAsInt(headers.getOrDefault("webhook-id", ""));
    var delivery =
        new Delivery(
            exchange.target(), headers, headers.getOrDefault("Content-Type", ""), body, status);
    synchronized (this) {
      deliveries.add(delivery);
    }
    listener.accept(delivery);
    exchange.respond(status, null, "");
  }

  /** One line of JSON per delivery, or a sentence if there is none. */
  private String listing() {
    if (deliveries().isEmpty()) {
      return "No callback has arrived yet.\n";
    }
    return deliveries().stream().map(Delivery::line).collect(Collectors.joining());
  }

  @Override
  public void close() {
    server.close();
  }
}
