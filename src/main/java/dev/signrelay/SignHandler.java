package dev.signrelay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.signrelay.app.Services;
import dev.signrelay.event.HttpApiRequest;
import dev.signrelay.event.HttpApiResponse;
import dev.signrelay.json.Json.MalformedJsonException;
import dev.signrelay.priming.SnapStart;
import dev.signrelay.sign.SignWorkflow;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * SignFunction: answers {@code GET /crypto/sign} in less than 2 s. If the request names a callback
 * URL and the answer has no signature, the job is in the retry queue before the answer is sent.
 */
public final class SignHandler implements RequestStreamHandler {

  private final Supplier<Services> services;

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
                    (services, in, out) ->
                        new SignHandler(services).handleRequest(in, out, null))));
  }

  /** A handler that uses given services. */
  public SignHandler(Services services) {
    this(() -> services);
  }

  /**
   * A handler whose services are created later.
   *
   * @param services called for each request
   */
  public SignHandler(Supplier<Services> services) {
    this.services = services;
  }

  /**
   * Called by Lambda with an event of an HTTP API, payload format 2.0.
   *
   * @throws IOException if the event cannot be read or the response not be written; API Gateway
   *     then answers 500
   */
  @Override
  public void handleRequest(InputStream event, OutputStream response, @Nullable Context context)
      throws IOException {
    handle(event, services.get()).write(response);
  }

  private static HttpApiResponse handle(InputStream event, Services services) throws IOException {
    Instant now = services.time().instant();
    var workflow = new SignWorkflow(services);
    try {
      return workflow.handle(HttpApiRequest.read(event), now);
    } catch (MalformedJsonException e) {
      return workflow.handleMalformed(e);
    }
  }
}
