package dev.signrelay.local.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An event in the words of the console.
 *
 * @param at of the event
 * @param from when it began, if it took time
 * @param to when it ended
 * @param due when the next attempt may begin; null: none follows, or it is unknown
 */
record Step(
    Instant at,
    Instant from,
    Instant to,
    Tone tone,
    String title,
    String detail,
    String next,
    @Nullable Instant due) {

  static Step of(JobEvent event) {
    return switch (event.name()) {
      case JobEvent.REQUEST -> request(event);
      case "request refused" -> step(event, Tone.BAD, "Refused", event.text("error"));
      case "request repeated" ->
          step(event, Tone.PLAIN, "Repeated request", "job " + event.text("jobStatus"));
      case "signing attempt" ->
          attempt(event, "Signing attempt ", event.text("outcome").equals("signed"));
      case "callback attempt" ->
          attempt(event, "Callback attempt ", event.text("decision").equals("complete"));
      case JobEvent.CALLBACK_ARRIVED -> arrival(event);
      case "rate limited" -> step(event, Tone.WAIT, "Rate limited", limited(event));
      case "grant expired" ->
          step(event, Tone.WAIT, "Grant expired", "no call could begin in time");
      case "expired" -> step(event, Tone.BAD, "Expired", "the result is no longer wanted");
      case "waiting" -> step(event, Tone.WAIT, "Waiting", "delay not over yet");
      case "signature from cache" ->
          step(event, Tone.GOOD, "Signature reused", event.text("ageSeconds") + " s old");
      case "failure notice" -> took(event, Tone.INFO, "Failure notice", event.text("outcome"));
      case JobEvent.REDRIVEN -> step(event, Tone.INFO, "Redriven", "back in the retry queue");
      case JobEvent.REMOVED ->
          step(event, Tone.PLAIN, "Removed", "no longer in the dead-letter queue");
      case String name -> step(event, Tone.BAD, capital(name), event.text("error"));
    };
  }

  private static Step request(JobEvent event) {
    double expected = event.number("expectedIn");
    String line = expected > 0 ? ", call expected in " + DurationText.ofSeconds(expected) : "";
    String answer = "answered %s %s%s".formatted(event.text("status"), word(event), line);
    Instant end = event.at().plusMillis((long) event.number("millis"));
    String in = "in " + took(event);
    return new Step(event.at(), event.at(), end, Tone.PLAIN, "Request", answer, in, null);
  }

  private static String word(JobEvent request) {
    return request.text("status").startsWith("4") ? "refused" : request.text("signStatus");
  }

  private static Step attempt(JobEvent event, String title, boolean succeeded) {
    String error = event.has("error") ? ": " + event.text("error") : "";
    String detail = event.text("outcome") + ", " + took(event) + error;
    Tone tone = succeeded && error.isEmpty() ? Tone.GOOD : Tone.BAD;
    return took(event, tone, title + event.text("attempt"), detail);
  }

  private static Step arrival(JobEvent event) {
    Tone tone = event.number("status") < 300 ? Tone.INFO : Tone.BAD;
    String verified =
        switch (event.text("verified")) {
          case "true" -> "signature valid";
          case "false" -> "signature INVALID";
          case String _ -> "";
        };
    return new Step(
        event.at(),
        event.at(),
        event.at(),
        tone,
        "Callback arrived",
        "answered " + event.text("status"),
        verified,
        null);
  }

  private static String limited(JobEvent event) {
    return switch (event.text("decision")) {
      case "wait-in-line" -> "joins the line";
      case "stay-in-line" -> "stays in line";
      case String _ -> "no call is free";
    };
  }

  private static String took(JobEvent event) {
    return DurationText.of(Duration.ofMillis((long) event.number("millis")));
  }

  private static Step step(JobEvent event, Tone tone, String title, String detail) {
    return from(event, event.at(), tone, title, detail);
  }

  /** A step that began some milliseconds before its event. */
  private static Step took(JobEvent event, Tone tone, String title, String detail) {
    return from(event, event.at().minusMillis((long) event.number("millis")), tone, title, detail);
  }

  private static Step from(JobEvent event, Instant start, Tone tone, String title, String detail) {
    boolean waits = event.text("decision").equals("requeue");
    return new Step(
        event.at(),
        start,
        event.at(),
        tone,
        title,
        detail,
        next(event),
        waits ? event.nextAttempt() : null);
  }

  private static String next(JobEvent event) {
    return switch (event.text("decision")) {
      case "wait-in-line" ->
          event.has("expectedWaitSeconds")
              ? "call expected in " + DurationText.ofSeconds(event.number("expectedWaitSeconds"))
              : "joins the line";
      case "deliver" -> "callback follows";
      case "answer" ->
          event.text("outcome").equals("signed")
              ? "returned in the response"
              : "no signature returned";
      case "complete" ->
          event.name().equals("callback attempt") ? "delivered" : "kept in its record";
      case "dead-letter" -> "dead letter: " + event.text("reason");
      case String _ -> "";
    };
  }

  private static String capital(String text) {
    return text.isEmpty() ? "" : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** Times in milliseconds since the epoch. */
  ObjectNode json() {
    return Json.object()
        .put("at", at.toEpochMilli())
        .put("from", from.toEpochMilli())
        .put("to", to.toEpochMilli())
        .put("tone", tone.code())
        .put("title", title)
        .put("detail", detail)
        .put("next", next)
        .put("due", due == null ? null : Long.valueOf(due.toEpochMilli()));
  }
}
