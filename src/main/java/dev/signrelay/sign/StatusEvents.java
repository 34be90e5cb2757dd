package dev.signrelay.sign;

import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.sign.StatusResult.Crashed;
import dev.signrelay.sign.StatusResult.Found;
import dev.signrelay.sign.StatusResult.KeysUnavailable;
import dev.signrelay.sign.StatusResult.NoRecords;
import dev.signrelay.sign.StatusResult.RecordsUnavailable;
import dev.signrelay.sign.StatusResult.Unauthorized;
import dev.signrelay.sign.StatusResult.Unknown;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;

/** Log events of requests for records, one for each. */
final class StatusEvents {

  private static final String NAME = "job status";

  private StatusEvents() {}

  /**
   * The event of a request that is answered.
   *
   * @param id of the request, not of the job
   * @param client that sent the request; empty: unknown
   * @param apiRequestId joins the event to API Gateway's access log; empty: unknown
   */
  static LogEvent of(
      String id, String client, StatusResult result, int status, String apiRequestId) {
    return of(id, result)
        .with("status", status)
        .with("client", client.isEmpty() ? null : client)
        .with("apiRequestId", apiRequestId.isEmpty() ? null : apiRequestId)
        .counted(Metric.STATUS_REQUESTS);
  }

  private static LogEvent of(String id, StatusResult result) {
    return switch (result) {
      case Found(JobRecord job, _) ->
          LogEvent.of(Level.INFO, NAME)
              .with("id", id)
              .with("job", job.id())
              .with("jobStatus", job.status().code());
      case Unknown _, NoRecords _ -> LogEvent.of(Level.INFO, NAME).with("id", id);
      case Unauthorized _ ->
          LogEvent.of(Level.INFO, NAME).with("id", id).counted(Metric.UNAUTHORIZED);
      case KeysUnavailable _ -> FailureEvents.clientKeysUnavailable(id);
      case RecordsUnavailable(RuntimeException cause) -> FailureEvents.recordNotRead(id, cause);
      case Crashed(Exception cause) -> FailureEvents.unexpected(id, cause);
    };
  }
}
