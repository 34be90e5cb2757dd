package dev.signrelay.local.history;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All events of a job, and the state that follows from them. The state depends on the times of the
 * events and not on the order in which they arrive.
 *
 * @param number of the job, in the order in which the jobs became known
 * @param ofFormerRun whether all events are of former runs
 * @param events not empty, in the order of their times
 */
record JobHistory(
    String id, long number, boolean ofFormerRun, List<JobEvent> events, Status status) {

  /** Of more events, the first ones and the newest ones are kept. */
  static final int MAX_EVENTS = 300;

  private static final int FIRST_EVENTS = 10;

  static JobHistory first(long number, JobEvent event, boolean ofFormerRun) {
    return of(event.id(), number, ofFormerRun, List.of(event));
  }

  private static JobHistory of(String id, long number, boolean ofFormerRun, List<JobEvent> events) {
    Status status = Status.after(events);
    return new JobHistory(
        id, number, ofFormerRun, List.copyOf(events), ofFormerRun ? status.ofFormerRun() : status);
  }

  /** Inserts an event after those of the same time. */
  JobHistory with(JobEvent event, boolean isOfFormerRun) {
    var all = new ArrayList<>(events);
    int place = all.size();
    while (place > 0 && all.get(place - 1).at().isAfter(event.at())) {
      place--;
    }
    all.add(place, event);
    if (all.size() > MAX_EVENTS) {
      all.remove(FIRST_EVENTS);
    }
    return of(id, number, ofFormerRun && isOfFormerRun, all);
  }

  boolean isOver() {
    return status.state().isOver();
  }

  /** The job for the console's page; times in milliseconds since the epoch. */
  ObjectNode json() {
    ObjectNode json =
        Json.object()
            .put("id", id)
            .put("number", number)
            .put("state", status.state().code())
            .put("due", millis(status.due()))
            .put("inLineSince", millis(status.inLineSince()))
            .put("reason", status.reason())
            .put("over", isOver())
            .put("formerRun", ofFormerRun);
    ArrayNode steps = json.putArray("steps");
    events.forEach(event -> steps.add(step(event)));
    return json;
  }

  /** A request begins with its event; what else takes time ends with it. */
  private static ObjectNode step(JobEvent event) {
    boolean isRequest = event.name().equals(JobEvent.REQUEST);
    long at = event.at().toEpochMilli();
    long millis = (long) event.number("millis");
    boolean waits = event.text("decision").equals("requeue");
    return event
        .fields()
        .deepCopy()
        .put("name", event.name())
        .put("at", at)
        .put("from", isRequest ? at : at - millis)
        .put("to", isRequest ? at + millis : at)
        .put("due", waits ? millis(event.nextAttempt()) : null);
  }

  private static @Nullable Long millis(@Nullable Instant time) {
    return time == null ? null : time.toEpochMilli();
  }
}
