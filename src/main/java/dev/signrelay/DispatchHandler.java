package dev.signrelay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.signrelay.app.Services;
import dev.signrelay.dispatch.DispatchWorkflow;
import dev.signrelay.priming.Priming;
import dev.signrelay.priming.SnapStart;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * DispatchFunction: drains the line. Each job's next attempt is made as soon as the rate limit
 * allows a call. A schedule invokes it once a minute. An invocation that is repeated, late or lost
 * does no harm.
 */
public final class DispatchHandler implements RequestHandler<ScheduledEvent, Map<String, Integer>> {

  /** Reserved at the end of the invocation for its log event. */
  private static final Duration REPORT_RESERVE = Duration.ofSeconds(1);

  private final Services services;

  /**
   * Called by Lambda.
   *
   * @throws IllegalStateException if a setting is missing or invalid
   */
  public DispatchHandler() {
    this(
        SnapStart.services(
            priming ->
                priming.dispatch(
                    (services, _) -> new DispatchHandler(services).handle(Priming.DISPATCH_TIME))));
    // No client waits for this start, and the first write of a record has only a second.
    services.queuePrimer().prime();
  }

  public DispatchHandler(Services services) {
    this.services = services;
  }

  /**
   * Called by Lambda.
   *
   * @param event not used
   * @return how many jobs left the line, as {@code dispatched}. The schedule discards it; it is for
   *     those who invoke the function themselves.
   */
  @Override
  public Map<String, Integer> handleRequest(@Nullable ScheduledEvent event, Context context) {
    return handle(Duration.ofMillis(context.getRemainingTimeInMillis()).minus(REPORT_RESERVE));
  }

  private Map<String, Integer> handle(Duration time) {
    int dispatched = new DispatchWorkflow(services, time).run().dispatched();
    services.restartIfClockIsWrong();
    return Map.of("dispatched", dispatched);
  }
}
