package dev.signrelay.local.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All events of a job, and the state that follows from them. The state depends on the times of the
 * events and not on the order in which they arrive.
 *
 * @param number of the job, in the order in which the jobs became known
 * @param ofFormerRun whether all events but requests to the inbox are of former runs
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

  /**
   * Inserts an event after those of the same time. A request to the inbox with the id of a job of a
   * former run does not make it one of this run.
   */
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
    boolean changesOrigin = !isOfFormerRun && !event.name().equals(JobEvent.CALLBACK_ARRIVED);
    return of(id, number, ofFormerRun && !changesOrigin, all);
  }

  /** Whether nothing can happen to it any more. */
  boolean isOver() {
    return status.state().isOver();
  }

  Instant start() {
    return events.getFirst().at();
  }

  /** The first request, which the other ones repeat. */
  Optional<JobEvent> request() {
    return events.stream().filter(event -> event.name().equals(JobEvent.REQUEST)).findFirst();
  }

  /** The job as the console's list displays it; times in milliseconds since the epoch. */
  ObjectNode json() {
    Optional<JobEvent> request = request();
    ObjectNode json =
        Json.object()
            .put("id", id)
            .put("number", number)
            .put("start", start().toEpochMilli())
            .put("end", events.getLast().at().toEpochMilli())
            .put("message", request.map(r -> r.text("message")).orElse(""))
            .put("callbackUrl", request.map(r -> r.text("callbackUrl")).orElse(""))
            .put("host", first("callbackHost"))
            .put("client", first("client"))
            .put("apiRequestId", first("apiRequestId"))
            .put("recorded", request.filter(r -> r.text("signStatus").equals("queued")).isPresent())
            .put("state", status.state().code())
            .put("label", status.state().label())
            .put("tone", status.tone().code())
            .put("due", millis(status.due()))
            .put("reason", status.reason())
            .put("why", DeadLetterTexts.of(status.reason()))
            .put("over", isOver())
            .put("formerRun", ofFormerRun);
    events.stream().map(Step::of).map(Step::json).forEach(json.putArray("steps")::add);
    return json;
  }

  /** The first value of a field; empty if no event has it. */
  private String first(String field) {
    return events.stream()
        .map(event -> event.text(field))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static @Nullable Long millis(@Nullable Instant time) {
    return time == null ? null : time.toEpochMilli();
  }
}
