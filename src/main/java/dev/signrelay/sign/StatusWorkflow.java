package dev.signrelay.sign;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.app.Services;
import dev.signrelay.event.HttpApiEvents;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobRecords.RecordsUnavailableException;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.sign.Admission.Admitted;
import dev.signrelay.sign.Admission.KeysUnknown;
import dev.signrelay.sign.Admission.NotAdmitted;
import dev.signrelay.sign.StatusResult.Crashed;
import dev.signrelay.sign.StatusResult.Found;
import dev.signrelay.sign.StatusResult.KeysUnavailable;
import dev.signrelay.sign.StatusResult.NoRecords;
import dev.signrelay.sign.StatusResult.RecordsUnavailable;
import dev.signrelay.sign.StatusResult.Unauthorized;
import dev.signrelay.sign.StatusResult.Unknown;
import java.time.Instant;
import java.util.Optional;

/**
 * Handles a request for a job's record, with one read. Each request has one log event.
 *
 * <p>A client that may not read a record is not told that there is one.
 */
public final class StatusWorkflow {

  /** The ids of jobs. Other items of the table have other keys. */
  private static final String ID = "[0-9A-Za-z_-]{1,100}";

  private final Services services;

  public StatusWorkflow(Services services) {
    this.services = services;
  }

  /**
   * Handles one request.
   *
   * @param now when the invocation began
   */
  public APIGatewayV2HTTPResponse handle(APIGatewayV2HTTPEvent event, Instant now) {
    String id = services.ids().get();
    String client = "";
    StatusResult result;
    try {
      var budget = ResponseBudget.of(HttpApiEvents.received(event), now);
      Admission admission = Admission.of(event, services, budget);
      client = admission.client();
      result = read(event, admission, budget);
    } catch (RuntimeException e) {
      result = new Crashed(e);
    }
    APIGatewayV2HTTPResponse response = StatusResponses.of(id, result);
    services
        .log()
        .write(
            StatusEvents.of(
                id, client, result, response.getStatusCode(), HttpApiEvents.apiRequestId(event)));
    return response;
  }

  private StatusResult read(
      APIGatewayV2HTTPEvent event, Admission admission, ResponseBudget budget) {
    return switch (admission) {
      case KeysUnknown _ -> new KeysUnavailable();
      case NotAdmitted _ -> new Unauthorized();
      case Admitted _ when !services.config().records().enabled() -> new NoRecords();
      case Admitted(String client) ->
          read(HttpApiEvents.pathParameter(event, Route.JOB_ID), client, budget);
    };
  }

  private StatusResult read(String id, String client, ResponseBudget budget) {
    if (!id.matches(ID)) {
      return new Unknown();
    }
    Optional<JobRecord> stored;
    try {
      stored = services.records().read(id, budget.readTimeout(services.time().instant()));
    } catch (RecordsUnavailableException e) {
      return new RecordsUnavailable(e);
    }
    return stored
        .filter(r -> r.client().isEmpty() || r.client().equals(client))
        .filter(r -> r.status() != JobStatus.ANSWERING)
        .<StatusResult>map(r -> new Found(r, services.time().instant()))
        .orElseGet(Unknown::new);
  }
}
