package dev.signrelay.local.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/** The newest requests that the callback inbox received, numbered from 1. */
final class Inbox {

  static final int MAX_DELIVERIES = 1_000;

  /**
   * @param repeats how many earlier ones have the same {@code webhook-id}
   * @param isDuplicate whether one of these was accepted
   */
  private record Received(long number, JobEvent event, int repeats, boolean isDuplicate) {

    ObjectNode json() {
      return event
          .fields()
          .deepCopy()
          .put("number", number)
          .put("at", event.at().toEpochMilli())
          .put("job", event.id())
          .put("repeats", repeats)
          .put("duplicate", isDuplicate);
    }
  }

  private final Deque<Received> deliveries = new ArrayDeque<>();
  private long last;

  void add(JobEvent event) {
    String id = event.text("webhookId");
    List<JobEvent> earlier =
        deliveries.stream()
            .map(Received::event)
            .filter(other -> !id.isEmpty() && other.text("webhookId").equals(id))
            .toList();
    boolean isDuplicate = earlier.stream().anyMatch(other -> other.number("status") < 300);
    deliveries.addLast(new Received(++last, event, earlier.size(), isDuplicate));
    if (deliveries.size() > MAX_DELIVERIES) {
      deliveries.removeFirst();
    }
  }

  /** The number of the newest one; 0: there is none. */
  long last() {
    return last;
  }

  /** Those after a number, in order. */
  Collection<ObjectNode> after(long number) {
    return deliveries.stream().filter(d -> d.number() > number).map(Received::json).toList();
  }
}
