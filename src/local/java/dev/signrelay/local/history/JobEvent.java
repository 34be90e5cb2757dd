package dev.signrelay.local.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import dev.signrelay.telemetry.LogEvent;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Something that happened to a job.
 *
 * @param id of the job; empty: it concerns no known job
 * @param at when it happened, which may be before it was noticed; the order of a job's events
 * @param name of a log event of the functions, or one of the constants
 * @param fields must not be changed
 */
public record JobEvent(String id, Instant at, String name, ObjectNode fields) {

  /** A request to sign and its response. {@link RecordedExchange} has the fields. */
  public static final String REQUEST = "request";

  /** A request to the callback inbox. {@link RecordedExchange} has the fields. */
  public static final String CALLBACK_ARRIVED = "callback arrived";

  /** A dead letter was sent to the retry queue. */
  public static final String REDRIVEN = "redriven";

  /** A dead letter is no longer in its queue, and the console did not redrive it. */
  static final String REMOVED = "removed";

  /** The job is over and no longer wanted. */
  static final String CLEARED = "cleared";

  /** So many milliseconds, and so many seconds, can be added to the time of an event. */
  private static final double MAX_NUMBER = 1e12;

  private static final Instant MAX_TIME = Instant.parse("9999-12-31T23:59:59Z");

  public static JobEvent of(String id, Instant at, String name) {
    return of(id, at, name, Map.of());
  }

  /**
   * @param fields strings, numbers, lists and such maps
   */
  public static JobEvent of(String id, Instant at, String name, Map<String, ?> fields) {
    return new JobEvent(id, at, name, Json.tree(fields));
  }

  /** A log event with its fields and, under their names, its measurements. */
  static JobEvent of(LogEvent event, Instant at) {
    var fields = new LinkedHashMap<>(event.fields());
    Object id = fields.remove("id");
    event.measurements().forEach((metric, value) -> fields.put(metric.title(), value));
    return of(id == null ? "" : id.toString(), at, event.name(), fields);
  }

  boolean has(String field) {
    return fields.hasNonNull(field);
  }

  /** A string or a number as text; empty if it is missing. */
  String text(String field) {
    return fields.path(field).asText("");
  }

  /** From 0 to {@link #MAX_NUMBER}; 0 if it is missing. */
  double number(String field) {
    return Math.clamp(fields.path(field).asDouble(), 0, MAX_NUMBER);
  }

  /** A header of the response to a request to sign; empty if it is missing. */
  String answerHeader(String name) {
    return fields.path("answerHeaders").path(name).asText("");
  }

  /** When the next attempt may begin. */
  Instant nextAttempt() {
    return at.plusMillis(Math.round(number("delaySeconds") * 1_000));
  }

  /** One line of JSON in ASCII. */
  String line() {
    ObjectNode line = Json.object().put("at", at.toString()).put("event", name).put("id", id);
    line.set("fields", fields);
    return Json.writeAscii(line);
  }

  /** Reads what {@link #line} writes; empty: it is no event. */
  static Optional<JobEvent> read(String line) {
    try {
      JsonNode json = Json.read(line);
      return json.path("fields") instanceof ObjectNode fields
              && json.path("event").isTextual()
              && json.path("id").isTextual()
          ? Optional.of(
                  new JobEvent(
                      json.path("id").asText(),
                      Instant.parse(json.path("at").asText()),
                      json.path("event").asText(),
                      fields))
              .filter(JobEvent::isPossible)
          : Optional.empty();
    } catch (MalformedJsonException | DateTimeException _) {
      return Optional.empty();
    }
  }

  private boolean isPossible() {
    return !at.isBefore(Instant.EPOCH)
        && !at.isAfter(MAX_TIME)
        && (!id.isEmpty() || name.equals(CALLBACK_ARRIVED));
  }
}
