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
 * The last things that happened, numbered from 1. Whoever looks on asks for what came after the
 * last number that he has seen; who comes late gets all that is kept, and who is slow misses what
 * is not kept any more. Nothing waits for a reader.
 */
final class EventFeed implements EventLog {

  /**
   * @param json one line: {@code at} in milliseconds since 1970, {@code event}, and the facts
   */
  record Happening(long number, String json) {}

  private final int kept;
  private final InstantSource clock;
  private final Deque<Happening> happenings = new ArrayDeque<>();
  private long last;

  /**
   * @param kept how many
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
   * @param at in milliseconds since 1970
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
   * What came after a number, in order.
   *
   * @param patience how long to wait if there is nothing yet
   * @return empty if nothing came
   */
  synchronized List<Happening> after(long number, Duration patience) throws InterruptedException {
    if (last <= number) {
      wait(patience.toMillis());
    }
    return happenings.stream().filter(h -> h.number() > number).toList();
  }
}
