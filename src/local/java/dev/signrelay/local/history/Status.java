package dev.signrelay.local.history;

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
record Status(JobState state, @Nullable Instant due, @Nullable Instant inLineSince, String reason) {

  /** The state after a job's events, which are in the order of their times. */
  static Status after(List<JobEvent> events) {
    Status status = of(JobState.WAITING);
    boolean isAnswered = false;
    for (JobEvent event : events) {
      boolean isRequest = event.name().equals(JobEvent.REQUEST);
      // Later requests with the same Idempotency-Key have the same id.
      status = isRequest && isAnswered ? status : status.after(event);
      isAnswered |= isRequest;
    }
    return status;
  }

  /** The state of a job of a former run, whose queues were in memory. */
  Status ofFormerRun() {
    return state.isOver() ? this : lost();
  }

  private Status lost() {
    return new Status(JobState.LOST, null, null, reason);
  }

  private Status after(JobEvent event) {
    return switch (event.name()) {
      case JobEvent.REQUEST -> answered(event);
      case JobEvent.REDRIVEN -> of(goingOn());
      case JobEvent.REMOVED -> state.isDeadLetter() ? lost() : this;
      // SignFunction answers 503; RetryFunction receives the job again.
      case String _ when event.has(Metric.QUEUE_UNAVAILABLE.title()) -> this;
      case String _ -> decided(event);
    };
  }

  private Status answered(JobEvent request) {
    if ((int) request.number("status") / 100 == 4) {
      return of(JobState.REFUSED);
    }
    return switch (request.answerHeader("x-sign-status")) {
      case "signed" -> of(JobState.SIGNED);
      case "rejected" -> of(JobState.REJECTED);
      case "unsigned" -> of(JobState.UNSIGNED);
      case String _ -> this;
    };
  }

  private Status decided(JobEvent event) {
    boolean isDelivery = event.name().equals("callback attempt");
    return switch (event.text("decision")) {
      case "requeue" -> {
        JobState signing = event.name().equals("signing attempt") ? JobState.SIGNING : goingOn();
        JobState next = isDelivery ? JobState.DELIVERING : signing;
        yield new Status(next, event.nextAttempt(), null, "");
      }
      case "wait-in-line" -> new Status(goingOn(), null, event.at(), "");
      case "deliver" -> of(JobState.DELIVERING);
      case "complete" -> of(isDelivery ? JobState.DELIVERED : JobState.SIGNED);
      case "dead-letter" -> {
        String why = event.text("reason");
        JobState end = why.equals("expired") ? JobState.EXPIRED : JobState.FAILED;
        yield new Status(end, null, null, why);
      }
      case String _ -> this;
    };
  }

  /** The state of a job that goes on without an attempt, also after a redrive. */
  private JobState goingOn() {
    return switch (state) {
      case WAITING, SIGNING, DELIVERING -> state;
      case SIGNED, DELIVERED, FAILED, EXPIRED, UNSIGNED, REJECTED, REFUSED, LOST ->
          reason.startsWith("callback-") ? JobState.DELIVERING : JobState.WAITING;
    };
  }

  private static Status of(JobState state) {
    return new Status(state, null, null, "");
  }
}
