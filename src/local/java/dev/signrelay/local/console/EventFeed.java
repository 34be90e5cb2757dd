package dev.signrelay.local.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.LogEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A bounded buffer of recent events, numbered from 1. Readers poll for the events after the last
 * number that they have seen. A new reader gets all buffered events; a slow reader misses events
 * that were dropped. Writers never wait for readers.
 */
final class EventFeed implements EventLog {

  /**
   * A buffered event.
   *
   * @param json one line: {@code at} in milliseconds since the epoch, {@code event}, and the fields
   */
  record Entry(long number, String json) {}

  private final int capacity;
  private final InstantSource clock;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private long last;

  /**
   * @param capacity the maximum number of buffered events
   */
  EventFeed(int capacity, InstantSource clock) {
    this.capacity = capacity;
    this.clock = clock;
  }

  /** Adds an event of the functions with its fields and, under their names, its measurements. */
  @Override
  public void write(LogEvent event) {
    var fields = new LinkedHashMap<>(event.fields());
    event.measurements().forEach((metric, value) -> fields.put(metric.title(), value));
    add(event.name(), clock.millis(), fields);
  }

  /**
   * @param at in milliseconds since the epoch
   * @param fields strings and numbers
   */
  synchronized void add(String event, long at, Map<String, ?> fields) {
    ObjectNode line = Json.object().put("at", at).put("event", event);
    fields.forEach((name, value) -> line.putPOJO(name, value));
    entries.addLast(new Entry(++last, Json.writeAscii(line)));
    if (entries.size() > capacity) {
      entries.removeFirst();
    }
    notifyAll();
  }

  /**
   * Returns the events after a number, in order.
   *
   * @param timeout the maximum time to wait if there are none yet
   * @return empty if there were none in that time
   */
  synchronized List<Entry> after(long number, Duration timeout) throws InterruptedException {
    if (last <= number) {
      wait(timeout.toMillis());
    }
    return entries.stream().filter(h -> h.number() > number).toList();
  }
}
