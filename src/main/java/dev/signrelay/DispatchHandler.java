package dev.signrelay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.signrelay.app.Services;
import dev.signrelay.dispatch.DispatchResult;
import dev.signrelay.dispatch.DispatchWorkflow;
import dev.signrelay.json.Json;
import dev.signrelay.priming.Priming;
import dev.signrelay.priming.SnapStart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/**
 * DispatchFunction: moves jobs from the line to the retry queue, each with its grant. A schedule
 * invokes it once a minute. An invocation that is repeated, late or lost does no harm.
 */
public final class DispatchHandler implements RequestStreamHandler {

  /** Reserved at the end of the invocation for its log event. */
  private static final Duration REPORT_RESERVE = Duration.ofSeconds(1);

  private final Supplier<Services> services;

  /**
   * Called by Lambda.
   *
   * @throws IllegalStateException if a setting is missing or invalid
   */
  public DispatchHandler() {
    this.services =
        SnapStart.services(
            priming ->
                priming.dispatch(
                    (services, _, out) -> new DispatchHandler(services).handle(out, Priming.TIME)));
  }

  /** A handler that uses given services. */
  public DispatchHandler(Services services) {
    this.services = () -> services;
  }

  /** Called by Lambda. The event is not read. Writes how many jobs left the line. */
  @Override
  public void handleRequest(InputStream event, OutputStream report, Context context)
      throws IOException {
    handle(report, Duration.ofMillis(context.getRemainingTimeInMillis()).minus(REPORT_RESERVE));
  }

  private void handle(OutputStream report, Duration time) throws IOException {
    DispatchResult result = new DispatchWorkflow(services.get(), time).run();
    String json = Json.writeAscii(Map.of("dispatched", result.dispatched()));
    report.write(json.getBytes(StandardCharsets.UTF_8));
  }
}
