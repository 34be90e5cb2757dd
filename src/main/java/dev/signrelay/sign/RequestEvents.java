package dev.signrelay.sign;

import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.sign.SignResult.Attempted;
import dev.signrelay.sign.SignResult.Decided;
import dev.signrelay.sign.SignResult.Failed;
import dev.signrelay.sign.SignResult.Refused;
import dev.signrelay.sign.SignResult.Unavailable;
import dev.signrelay.telemetry.AttemptEvents;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;
import java.time.Instant;

/** Log events of requests, one for each. */
final class RequestEvents {

  private RequestEvents() {}

  /**
   * The event of a request that is answered.
   *
   * @param status of the HTTP response
   * @param apiRequestId joins the event to API Gateway's access log; empty: unknown
   */
  static LogEvent of(SignResult result, int status, String apiRequestId, Instant now) {
    return of(result, now)
        .counted(metric(result.answer()))
        .with("status", status)
        .with("apiRequestId", apiRequestId.isEmpty() ? null : apiRequestId)
        .counted(Metric.REQUESTS);
  }

  private static LogEvent of(SignResult result, Instant now) {
    return switch (result) {
      case Refused(String id, _, String error) ->
          LogEvent.of(Level.INFO, "request refused").with("id", id).with("error", error);
      case Attempted(_, var attempt) -> AttemptEvents.answered(attempt, now);
      case Decided(_, var attempt, Deliver _) -> AttemptEvents.answered(attempt, now);
      case Decided(_, var attempt, var decision) -> AttemptEvents.of(attempt, decision, now);
      case Unavailable(var attempt, var decision, var cause) ->
          AttemptEvents.notQueued(attempt, decision, cause, now);
      case Failed(String id, Exception cause) -> FailureEvents.unexpected(id, cause);
    };
  }

  private static Metric metric(SignAnswer answer) {
    return switch (answer) {
      case SignAnswer.Signed _ -> Metric.SIGNED;
      case SignAnswer.Queued _ -> Metric.QUEUED;
      case SignAnswer.Unsigned _ -> Metric.UNSIGNED;
      case SignAnswer.Rejected _ -> Metric.REJECTED;
      case SignAnswer.Invalid _, SignAnswer.Unauthorized _ -> Metric.REFUSED;
      case SignAnswer.NotQueued _, SignAnswer.InternalError _ -> Metric.UNAVAILABLE;
    };
  }
}
