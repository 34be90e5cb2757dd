package dev.signrelay.sign;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.signrelay.event.HttpApiEvents;

/** The routes of SignFunction. */
enum Route {
  /** {@code GET /crypto/sign}, and every event that names no route of SignFunction. */
  SIGN_QUERY,
  /** {@code POST /crypto/sign}. */
  SIGN_BODY,
  /** {@code GET /crypto/jobs/{id}}. */
  JOB,
  /** {@code GET /crypto/callback-key}. */
  CALLBACK_KEY;

  /** The variable part of {@link #JOB}'s path. */
  static final String JOB_ID = "id";

  /** The route that a request matched. */
  static Route of(APIGatewayV2HTTPEvent event) {
    return switch (HttpApiEvents.route(event)) {
      case "POST /crypto/sign" -> SIGN_BODY;
      case "GET /crypto/jobs/{id}" -> JOB;
      case "GET /crypto/callback-key" -> CALLBACK_KEY;
      default -> SIGN_QUERY;
    };
  }

  /** Whether its requests are to sign a message. */
  boolean isToSign() {
    return switch (this) {
      case SIGN_QUERY, SIGN_BODY -> true;
      case JOB, CALLBACK_KEY -> false;
    };
  }
}
