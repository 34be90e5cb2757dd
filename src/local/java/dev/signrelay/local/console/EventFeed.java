package dev.signrelay.local.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.LogEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * A bounded buffer of recent events, numbered from 1. Readers poll for the events after the last
 * number that they have seen. A new reader gets all buffered events; a slow reader misses events
 * that were dropped. Writers never wait for readers.
 */
final class EventFeed implements EventLog {

  /**
   * @param json one line: {@code at} in milliseconds since the epoch, {@code event}, and the facts
   */
  record Happening(long number, String json) {}

  private final int kept;
  private final InstantSource clock;
  private final Deque<Happening> happenings = new ArrayDeque<>();
  private long last;

  /**
   * @param kept the maximum number of buffered events
   */
  EventFeed(int kept, InstantSource clock) {
    this.kept = kept;
    this.clock = clock;
  }

  @Override
  public void write(LogEvent event) {
    add(event.name(), clock.millis(), event.fields());
  }

  /**
   * @param at in milliseconds since the epoch
   * @param facts strings and numbers
   */
  synchronized void add(String event, long at, Map<String, ?> facts) {
    ObjectNode line = Json.object().put("at", at).put("event", event);
    facts.forEach((name, value) -> line.putPOJO(name, value));
    happenings.addLast(new Happening(++last, Json.writeAscii(line)));
    if (happenings.size() > kept) {
      happenings.removeFirst();
    }
    notifyAll();
  }

  /**
   * Returns the events after a number, in order.
   *
   * @param patience the maximum time to wait if there are none yet
   * @return empty if there were none in that time
   */
  synchronized List<Happening> after(long number, Duration patience) throws InterruptedException {
    if (last <= number) {
      wait(patience.toMillis());
    }
    return happenings.stream().filter(h -> h.number() > number).toList();
  }
}
