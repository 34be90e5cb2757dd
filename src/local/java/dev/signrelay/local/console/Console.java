package dev.signrelay.local.console;

import dev.signrelay.local.CallbackInbox.Delivery;
import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.UnreliableSigner.Behaviour;
import dev.signrelay.local.history.Histories;
import dev.signrelay.local.history.RecordedExchange;
import dev.signrelay.ops.DeadLetterQueue;
import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The web console of the local run. It records events from the start; {@link #open} adds its pages
 * to the API's server once the system runs.
 */
public final class Console {

  /** Log events of requests that read. They have an id, and concern no job or do not change it. */
  private static final Set<String> READS = Set.of("job status", "record not read", "callback key");

  private final InstantSource clock;
  private final Histories histories;
  private final CallStatistics statistics;

  /**
   * @param histories of the jobs of this and former runs
   */
  public Console(InstantSource clock, Histories histories) {
    this.clock = clock;
    this.histories = histories;
    this.statistics = new CallStatistics(clock);
  }

  /**
   * Returns a log that also forwards its events to the console. It omits runs of DispatchFunction
   * that found nobody in line, and the console omits requests that read: its page makes some of
   * them.
   */
  public EventLog recording(EventLog log) {
    return event -> {
      if (isIdle(event)) {
        return;
      }
      log.write(event);
      statistics.write(event);
      if (!READS.contains(event.name())) {
        histories.write(event);
      }
    };
  }

  private static boolean isIdle(LogEvent event) {
    return event.name().equals("dispatch")
        && event.level() == LogEvent.Level.INFO
        && Stream.of(Metric.DISPATCHED, Metric.LINE_LENGTH)
            .allMatch(metric -> event.measurements().getOrDefault(metric, 0).intValue() == 0);
  }

  /**
   * Records a callback that arrived in the inbox.
   *
   * @param verified whether its signatures are valid; null if no secrets are configured
   */
  public void callbackArrived(Delivery delivery, @Nullable Boolean verified) {
    var arrived =
        new RecordedExchange(
            "POST", delivery.target(), delivery.headers(), delivery.body(), delivery.status());
    histories.add(arrived.callback(verified == null ? "" : verified.toString(), clock.instant()));
  }

  /**
   * Adds the console to the API's server.
   *
   * @param flaky the initial behaviour of the demo upstream
   */
  public void open(LocalSystem system, Behaviour flaky) {
    var failureModes = new FailureModes(system, flaky);
    var queue =
        new DeadLetterQueue(
            system.queues().client(),
            system.queues().deadLetterQueueUrl(),
            system.queues().retryQueueUrl());
    var deadLetters = new DeadLetters(queue, clock, histories);
    var metrics = new CurrentMetrics(system, statistics, failureModes, deadLetters, clock);
    system
        .front()
        .addFilter(
            new ConsoleFilter(
                histories,
                clock,
                new EventStream(histories, metrics),
                failureModes,
                deadLetters,
                new ApiReference(system.inbox().url())));
  }
}
