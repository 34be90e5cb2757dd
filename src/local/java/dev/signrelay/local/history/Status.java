package dev.signrelay.local.history;

import static dev.signrelay.local.history.JobState.ANSWERED;
import static dev.signrelay.local.history.JobState.DEAD;
import static dev.signrelay.local.history.JobState.DELIVERED;
import static dev.signrelay.local.history.JobState.DELIVERING;
import static dev.signrelay.local.history.JobState.EXPIRED;
import static dev.signrelay.local.history.JobState.LIMITED;
import static dev.signrelay.local.history.JobState.LOST;
import static dev.signrelay.local.history.JobState.WAITING;

import dev.signrelay.telemetry.Metric;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a job after one of its events.
 *
 * @param label the state in the words of the console
 * @param due the time of the next attempt; null: there is none, or it is unknown
 * @param inLineSince null: it is not in line
 * @param reason why it is a dead letter, or was one until it was lost; empty: it is none
 */
record Status(
    JobState state,
    String label,
    Tone tone,
    @Nullable Instant due,
    @Nullable Instant inLineSince,
    String reason) {

  /** Before the first event that determines a state. */
  private static final Status STARTED = of(WAITING, "Started", Tone.PLAIN);

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
      case WAITING, LIMITED, DELIVERING, DEAD, EXPIRED -> lost("Lost");
      case DELIVERED, ANSWERED, LOST -> this;
    };
  }

  private Status lost(String because) {
    return new Status(LOST, because, Tone.PLAIN, null, null, reason);
  }

  private Status after(JobEvent event) {
    return switch (event.name()) {
      // Later requests with the same Idempotency-Key have the same id.
      case JobEvent.REQUEST -> equals(STARTED) ? answered(event) : this;
      case JobEvent.REDRIVEN -> of(WAITING, "Redriven", Tone.INFO);
      case JobEvent.REMOVED -> state.isDeadLetter() ? lost("Removed") : this;
      case String _ when event.has(Metric.QUEUE_UNAVAILABLE.title()) -> notQueued();
      case String _ -> decided(event);
    };
  }

  private Status decided(JobEvent event) {
    return switch (event.text("decision")) {
      case "requeue" -> waiting(event).due(event.nextAttempt());
      case "wait-in-line" -> inLine(event);
      case "deliver" -> of(DELIVERING, "Delivering", Tone.INFO);
      case "complete" ->
          event.name().equals("callback attempt")
              ? of(DELIVERED, "Delivered", Tone.GOOD)
              : of(ANSWERED, "Signed", Tone.GOOD);
      case "dead-letter" -> dead(event.text("reason"));
      case String _ -> this;
    };
  }

  private Status waiting(JobEvent event) {
    return switch (event.name()) {
      case "callback attempt" -> of(DELIVERING, "Callback failed", Tone.WAIT);
      // The delay was not over when the message arrived.
      case "waiting" -> state == STARTED.state() ? retrying() : of(state, label, tone);
      case String _ -> retrying();
    };
  }

  private static Status retrying() {
    return of(WAITING, "Retrying", Tone.WAIT);
  }

  /** SignFunction answers 503; RetryFunction receives the job again. */
  private Status notQueued() {
    return of(state == ANSWERED ? ANSWERED : WAITING, "Not queued", Tone.BAD);
  }

  private static Status answered(JobEvent request) {
    return switch (request.text("signStatus")) {
      case "signed" -> of(ANSWERED, "Signed", Tone.GOOD);
      case "queued" -> of(WAITING, "Queued", Tone.WAIT);
      case "rejected" -> of(ANSWERED, "Rejected", Tone.BAD);
      case "unsigned" ->
          switch ((int) request.number("status")) {
            case 200 -> of(ANSWERED, "Unsigned", Tone.PLAIN);
            case 409, 429 -> of(ANSWERED, "Refused", Tone.BAD);
            default -> of(ANSWERED, "Not queued", Tone.BAD);
          };
      case String _ -> STARTED;
    };
  }

  private static Status inLine(JobEvent event) {
    return new Status(LIMITED, "In line", Tone.WAIT, null, event.at(), "");
  }

  private static Status dead(String reason) {
    return reason.equals("expired")
        ? new Status(EXPIRED, "Expired", Tone.BAD, null, null, reason)
        : new Status(DEAD, "Dead letter", Tone.BAD, null, null, reason);
  }

  private static Status of(JobState state, String label, Tone tone) {
    return new Status(state, label, tone, null, null, "");
  }

  private Status due(Instant at) {
    return new Status(state, label, tone, at, null, reason);
  }
}
