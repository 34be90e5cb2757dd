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
 * DispatchFunction: drains the line. The upstream is called for each job in line as soon as the
 * rate limit allows. A schedule invokes the function once a minute. Invocations may overlap,
 * because each call is granted only once. A lost invocation delays jobs by a minute. A message that
 * is received twice is handled twice.
 */
public final class DispatchHandler implements RequestHandler<ScheduledEvent, Map<String, Integer>> {

  /** Reserved at the end of the invocation for its log event. */
  private static final Duration REPORT_RESERVE = Duration.ofSeconds(1);

  /** In megabytes (AWS Lambda developer guide, "Configure Lambda function memory"). */
  private static final int ONE_PROCESSOR = 1_769;

  private final Services services;

  /**
   * For Lambda, which requires a constructor without parameters: uses the production services.
   *
   * @throws IllegalStateException if a setting is missing or invalid
   */
  public DispatchHandler() {
    this(
        SnapStart.services(
            priming ->
                priming.dispatch(
                    (services, _) ->
                        new DispatchHandler(services)
                            .handle(Priming.DISPATCH_TIME, ONE_PROCESSOR))));
    // No client waits for this start, and a first write of a record has a timeout of only 1 s.
    services.queuePrimer().prime();
  }

  public DispatchHandler(Services services) {
    this.services = services;
  }

  /**
   * Drains the line in the time that the invocation has left.
   *
   * @param event not used
   * @return {@code dispatched}: the number of messages that left the line. The schedule discards
   *     it; it is for manual invocations.
   */
  @Override
  public Map<String, Integer> handleRequest(@Nullable ScheduledEvent event, Context context) {
    return handle(
        Duration.ofMillis(context.getRemainingTimeInMillis()).minus(REPORT_RESERVE),
        context.getMemoryLimitInMB());
  }

  private Map<String, Integer> handle(Duration time, int megabytes) {
    int dispatched = new DispatchWorkflow(services, time, megabytes).run().dispatched();
    services.restartIfClockIsWrong();
    return Map.of("dispatched", dispatched);
  }
}
