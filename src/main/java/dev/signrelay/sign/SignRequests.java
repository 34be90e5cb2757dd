package dev.signrelay.sign;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.signrelay.event.HttpApiEvents;
import dev.signrelay.request.Body;
import dev.signrelay.request.CallbackUrlRules;
import dev.signrelay.request.SignRequest;
import dev.signrelay.request.SignRequest.Parsed;

/** What the two routes to sign a message ask for: the one in its query, the other in its body. */
final class SignRequests {

  private SignRequests() {}

  /** Parses a request. Without a route, it is read as {@code GET /crypto/sign}. */
  static Parsed parse(APIGatewayV2HTTPEvent event, CallbackUrlRules callbacks) {
    String query = HttpApiEvents.rawQuery(event);
    return Route.of(event) == Route.SIGN_BODY
        ? SignRequest.parse(query, body(event), callbacks)
        : SignRequest.parse(query, callbacks);
  }

  private static Body body(APIGatewayV2HTTPEvent event) {
    return new Body(
        HttpApiEvents.header(event, "content-type"),
        HttpApiEvents.header(event, "content-encoding"),
        HttpApiEvents.body(event),
        HttpApiEvents.isBase64(event));
  }
}
