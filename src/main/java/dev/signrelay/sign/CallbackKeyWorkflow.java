package dev.signrelay.sign;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.app.Services;
import dev.signrelay.callback.PublicKeys;
import dev.signrelay.event.HttpApiEvents;
import dev.signrelay.json.ResultBody;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import java.util.Map;

/**
 * Returns the public keys with which receivers verify callbacks. No client key is required: a
 * receiver has none. Each request has one log event.
 */
public final class CallbackKeyWorkflow {

  /** A new key must be published for this long before it signs. */
  private static final String CACHEABLE = "public, max-age=3600";

  private static final String NO_KEY = "Callbacks are not signed with a private key here.";

  private final Services services;

  public CallbackKeyWorkflow(Services services) {
    this.services = services;
  }

  /** Handles one request. */
  public APIGatewayV2HTTPResponse handle(APIGatewayV2HTTPEvent event) {
    String id = services.ids().get();
    PublicKeys keys = services.config().callback().publicKeys();
    int status = keys.isEmpty() ? 404 : 200;
    String apiRequestId = HttpApiEvents.apiRequestId(event);
    services
        .log()
        .write(
            LogEvent.of(Level.INFO, "callback key")
                .with("id", id)
                .with("status", status)
                .with("apiRequestId", apiRequestId.isEmpty() ? null : apiRequestId));
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(status)
        .withHeaders(
            Map.of(
                "Content-Type",
                "application/json",
                "Cache-Control",
                keys.isEmpty() ? "no-store" : CACHEABLE,
                "X-Request-Id",
                id))
        .withBody(
            keys.isEmpty()
                ? ResultBody.failure(NO_KEY)
                : ResultBody.success(String.join(" ", keys.texts())))
        .build();
  }
}
