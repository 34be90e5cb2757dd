package dev.signrelay.local.console;

import dev.signrelay.local.CallbackInbox.Delivery;
import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.UnreliableSigner.Mood;
import dev.signrelay.telemetry.EventLog;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The web console of the local run. It records events from the start; {@link #open} adds its pages
 * to the API's server once the system is running.
 */
public final class Console {

  /** Enough for several hundred jobs. */
  private static final int EVENTS_KEPT = 2_000;

  private final InstantSource clock;
  private final EventFeed feed;
  private final Tally tally;

  public Console(InstantSource clock) {
    this.clock = clock;
    this.feed = new EventFeed(EVENTS_KEPT, clock);
    this.tally = new Tally(clock);
  }

  /** Returns a log that also forwards its events to the console. */
  public EventLog listening(EventLog log) {
    return event -> {
      log.write(event);
      tally.write(event);
      feed.write(event);
    };
  }

  /**
   * Records a callback that arrived in the inbox.
   *
   * @param verified whether its signatures are valid; null if no secrets are configured
   */
  public void arrived(Delivery delivery, @Nullable Boolean verified) {
    feed.add(
        "callback arrived",
        clock.millis(),
        Map.of(
            "id", delivery.id().replaceFirst("-failed$", ""),
            "status", delivery.status(),
            "verified", verified == null ? "" : verified.toString()));
  }

  /**
   * @param flaky the initial mood of the demo upstream
   */
  public void open(LocalSystem system, Mood flaky) {
    var switches = new Switches(system, flaky);
    var gauges = new Gauges(system, tally, switches, clock);
    String run = Long.toString(clock.millis(), Character.MAX_RADIX);
    system
        .front()
        .putBefore(
            new Routes(
                new Requests(feed, clock),
                new EventStream(feed, gauges, run),
                switches,
                new DeadLetters(system.queues()),
                new ApiReference(system.inbox().url()),
                id -> feed.add("redriven", clock.millis(), Map.of("id", id))));
  }
}
