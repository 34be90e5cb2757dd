package dev.signrelay.local.console;

import dev.signrelay.local.CallbackInbox.Delivery;
import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.UnreliableSigner.Mood;
import dev.signrelay.telemetry.EventLog;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The local run as people see it in a browser. It listens from the beginning; once the system is
 * there, {@link #open} puts its pages before the API.
 */
public final class Console {

  /** Some hundred jobs. */
  private static final int EVENTS_KEPT = 2_000;

  private final InstantSource clock;
  private final EventFeed feed;
  private final Tally tally;

  public Console(InstantSource clock) {
    this.clock = clock;
    this.feed = new EventFeed(EVENTS_KEPT, clock);
    this.tally = new Tally(clock);
  }

  /** A log that is told to the console too. */
  public EventLog listening(EventLog log) {
    return event -> {
      log.write(event);
      tally.write(event);
      feed.write(event);
    };
  }

  /**
   * A callback that came to the inbox.
   *
   * @param verified what a receiver that has the secrets says of its signature; null: there are
   *     none
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
   * @param flaky the mood that the demo upstream has to begin with
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
