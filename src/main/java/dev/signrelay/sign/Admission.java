package dev.signrelay.sign;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.signrelay.app.Services;
import dev.signrelay.event.HttpApiEvents;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.secret.SecretUnavailableException;
import java.util.Optional;

/** Whether a request may be handled. */
sealed interface Admission {

  /** The error of a request without a valid key. */
  String NO_VALID_KEY = "A valid key is required, as Authorization: Bearer or as x-api-key.";

  /**
   * The scheme that a client has to use (RFC 9110, 11.6.1). Bearer requires a parameter (RFC 6750,
   * 3).
   */
  String CHALLENGE = "Bearer realm=\"SignRelay\"";

  /** The error of a request whose key cannot be checked. */
  String KEYS_UNKNOWN = "The key cannot be checked. Retry later.";

  /** The client that sent the request; empty: unknown. */
  default String client() {
    return "";
  }

  /** The request has a valid key, or needs none, which leaves the client unknown. */
  record Admitted(String client) implements Admission {}

  /** The request has no valid key. */
  record NotAdmitted() implements Admission {}

  /** The valid keys could not be read. */
  record KeysUnknown() implements Admission {}

  /** Checks the key of a request. */
  static Admission of(APIGatewayV2HTTPEvent event, Services services, ResponseBudget budget) {
    ClientKeys keys;
    try {
      keys = services.clientKeys().get(budget.keysTimeout(services.time().instant()));
    } catch (SecretUnavailableException _) {
      return new KeysUnknown();
    }
    Optional<String> client =
        keys.admit(
            HttpApiEvents.header(event, "authorization"), HttpApiEvents.header(event, "x-api-key"));
    return client.isPresent() ? new Admitted(client.get()) : new NotAdmitted();
  }
}
