package dev.signrelay.local.history;

import static dev.signrelay.local.history.JobState.DELIVERED;
import static dev.signrelay.local.history.JobState.DELIVERING;
import static dev.signrelay.local.history.JobState.EXPIRED;
import static dev.signrelay.local.history.JobState.FAILED;
import static dev.signrelay.local.history.JobState.LOST;
import static dev.signrelay.local.history.JobState.REFUSED;
import static dev.signrelay.local.history.JobState.REJECTED;
import static dev.signrelay.local.history.JobState.SIGNED;
import static dev.signrelay.local.history.JobState.SIGNING;
import static dev.signrelay.local.history.JobState.UNSIGNED;
import static dev.signrelay.local.history.JobState.WAITING;

import dev.signrelay.telemetry.Metric;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a job after one of its events.
 *
 * @param due the time of the next attempt; null: there is none, or it is unknown
 * @param inLineSince null: it is not in line
 * @param reason why it is a dead letter, or was one until it was lost; empty: it is none
 */
record Status(
    JobState state,
    Tone tone,
    @Nullable Instant due,
    @Nullable Instant inLineSince,
    String reason) {

  /** Before the first event that determines a state. */
  private static final Status STARTED = of(WAITING, Tone.PLAIN);

  /** The state after a job's events, which are in the order of their times. */
  static Status after(List<JobEvent> events) {
    Status status = STARTED;
    for (JobEvent event : events) {
      status = status.after(event);
    }
    return status;
  }

  /** The state of a job of a former run, whose queues were in memory. */
  Status ofFormerRun() {
    return switch (state) {
      case WAITING, SIGNING, DELIVERING, FAILED, EXPIRED -> lost();
      case SIGNED, DELIVERED, UNSIGNED, REJECTED, REFUSED, LOST -> this;
    };
  }

  private Status lost() {
    return new Status(LOST, Tone.PLAIN, null, null, reason);
  }

  private Status after(JobEvent event) {
    return switch (event.name()) {
      // Later requests with the same Idempotency-Key have the same id.
      case JobEvent.REQUEST -> equals(STARTED) ? answered(event) : this;
      case JobEvent.REDRIVEN -> of(goingOn(), Tone.INFO);
      case JobEvent.REMOVED -> state.isDeadLetter() ? lost() : this;
      case String _ when event.has(Metric.QUEUE_UNAVAILABLE.title()) -> notQueued();
      case String _ -> decided(event);
    };
  }

  private Status decided(JobEvent event) {
    return switch (event.text("decision")) {
      case "requeue" -> waiting(event).due(event.nextAttempt());
      case "wait-in-line" -> inLine(event);
      case "deliver" -> of(DELIVERING, Tone.INFO);
      case "complete" ->
          event.name().equals("callback attempt")
              ? of(DELIVERED, Tone.GOOD)
              : of(SIGNED, Tone.GOOD);
      case "dead-letter" -> dead(event.text("reason"));
      case String _ -> this;
    };
  }

  private Status waiting(JobEvent event) {
    return switch (event.name()) {
      case "signing attempt" -> of(SIGNING, Tone.WAIT);
      case "callback attempt" -> of(DELIVERING, Tone.WAIT);
      case String _ -> of(goingOn(), Tone.WAIT);
    };
  }

  /** The state of a job that goes on without an attempt, also after a redrive. */
  private JobState goingOn() {
    return switch (state) {
      case WAITING, SIGNING, DELIVERING -> state;
      case SIGNED, DELIVERED, FAILED, EXPIRED, UNSIGNED, REJECTED, REFUSED, LOST ->
          reason.startsWith("callback-") ? DELIVERING : WAITING;
    };
  }

  /** SignFunction answers 503; RetryFunction receives the job again. */
  private Status notQueued() {
    return of(state, Tone.BAD);
  }

  private static Status answered(JobEvent request) {
    int status = (int) request.number("status");
    if (status / 100 == 4) {
      return of(REFUSED, Tone.BAD);
    }
    return switch (request.text("signStatus")) {
      case "signed" -> of(SIGNED, Tone.GOOD);
      case "queued" -> of(WAITING, Tone.WAIT);
      case "rejected" -> of(REJECTED, Tone.BAD);
      case "unsigned" -> of(UNSIGNED, status == 200 ? Tone.PLAIN : Tone.BAD);
      case String _ -> STARTED;
    };
  }

  private Status inLine(JobEvent event) {
    return new Status(goingOn(), Tone.WAIT, null, event.at(), "");
  }

  private static Status dead(String reason) {
    return reason.equals("expired")
        ? new Status(EXPIRED, Tone.BAD, null, null, reason)
        : new Status(FAILED, Tone.BAD, null, null, reason);
  }

  private static Status of(JobState state, Tone tone) {
    return new Status(state, tone, null, null, "");
  }

  private Status due(Instant at) {
    return new Status(state, tone, at, null, reason);
  }
}
