package dev.signrelay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.app.Services;
import dev.signrelay.priming.SnapStart;
import dev.signrelay.sign.SignWorkflow;
import org.jspecify.annotations.Nullable;

/**
 * SignFunction: answers {@code /crypto/sign} in less than 2 s. A job that continues is stored in a
 * queue before the answer is sent. A repeated request is a new one, unless it has an {@code
 * Idempotency-Key}. {@code GET /crypto/jobs/{id}} returns the record of a job, and {@code GET
 * /crypto/callback-key} the keys with which receivers verify callbacks.
 */
public final class SignHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  private final Services services;

  /**
   * For Lambda, which requires a constructor without parameters: uses the production services.
   *
   * @throws IllegalStateException if a setting is missing or invalid
   */
  public SignHandler() {
    this(
        SnapStart.services(
            priming ->
                priming.sign(
                    (services, event) -> new SignHandler(services).handleRequest(event, null))));
  }

  public SignHandler(Services services) {
    this.services = services;
  }

  /**
   * Handles an event of an HTTP API, payload format 2.0.
   *
   * @param event null if it is not JSON
   */
  @Override
  public APIGatewayV2HTTPResponse handleRequest(
      @Nullable APIGatewayV2HTTPEvent event, @Nullable Context context) {
    return new SignWorkflow(services).handle(event);
  }
}
