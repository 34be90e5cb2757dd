package dev.signrelay.sign;

import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.sign.SignResult.Attempted;
import dev.signrelay.sign.SignResult.Crashed;
import dev.signrelay.sign.SignResult.Decided;
import dev.signrelay.sign.SignResult.KeysUnavailable;
import dev.signrelay.sign.SignResult.LineFull;
import dev.signrelay.sign.SignResult.NotQueued;
import dev.signrelay.sign.SignResult.NotRecorded;
import dev.signrelay.sign.SignResult.RecordsDown;
import dev.signrelay.sign.SignResult.Refused;
import dev.signrelay.sign.SignResult.Repeated;
import dev.signrelay.sign.SignResult.TooManyJobs;
import dev.signrelay.telemetry.AttemptEvents;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;

/** Log events of requests, one for each. */
final class RequestEvents {

  private RequestEvents() {}

  /**
   * The event of a request that is answered.
   *
   * @param client that sent the request; empty: unknown
   * @param apiRequestId joins the event to API Gateway's access log; empty: unknown
   */
  static LogEvent of(SignResult result, String client, String apiRequestId) {
    return of(result)
        .counted(result.answer().metric())
        .with("status", result.answer().statusCode())
        .with("client", client.isEmpty() ? null : client)
        .with("apiRequestId", apiRequestId.isEmpty() ? null : apiRequestId)
        .counted(Metric.REQUESTS);
  }

  private static LogEvent of(SignResult result) {
    return switch (result) {
      case Refused(String id, SignAnswer answer, String error) -> {
        LogEvent refused =
            LogEvent.of(Level.INFO, "request refused").with("id", id).with("error", error);
        yield answer == SignAnswer.UNAUTHORIZED ? refused.counted(Metric.UNAUTHORIZED) : refused;
      }
      case Attempted(_, var attempt) -> AttemptEvents.answered(attempt);
      case Decided(_, var attempt, Deliver _) -> AttemptEvents.answered(attempt);
      case Decided(_, var attempt, var decision) -> AttemptEvents.carriedOut(attempt, decision);
      case NotQueued(var attempt, var decision, var cause) ->
          AttemptEvents.notQueued(attempt, decision, cause);
      case NotRecorded(var attempt, var decision) -> AttemptEvents.carriedOut(attempt, decision);
      case LineFull(var attempt, _) -> AttemptEvents.answered(attempt).counted(Metric.LINE_FULL);
      case TooManyJobs(var attempt, _) -> AttemptEvents.answered(attempt);
      case Repeated(_, JobRecord present, _) ->
          LogEvent.of(Level.INFO, "request repeated")
              .with("id", present.id())
              .with("jobStatus", present.status().code());
      case RecordsDown(String id, var cause) -> FailureEvents.repeatUnknown(id, cause);
      case KeysUnavailable(String id) -> FailureEvents.clientKeysUnavailable(id);
      case Crashed(String id, Exception cause) -> FailureEvents.unexpected(id, cause);
    };
  }
}
