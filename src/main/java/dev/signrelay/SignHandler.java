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
 * SignFunction: answers {@code /crypto/sign} in less than 2 s. If the request makes a job and the
 * answer has no signature, the job is in a queue before the answer is sent. {@code GET
 * /crypto/jobs/{id}} returns the record of a job, and {@code GET /crypto/callback-key} the key with
 * which receivers verify callbacks.
 */
public final class SignHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  private final Services services;

  /**
   * Called by Lambda.
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

  /** A handler that uses given services. */
  public SignHandler(Services services) {
    this.services = services;
  }

  /**
   * Called by Lambda with an event of an HTTP API, payload format 2.0.
   *
   * @param event null if it is not JSON
   */
  @Override
  public APIGatewayV2HTTPResponse handleRequest(
      @Nullable APIGatewayV2HTTPEvent event, @Nullable Context context) {
    return new SignWorkflow(services).handle(event);
  }
}
