package dev.signrelay.sign;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.app.Config;
import dev.signrelay.app.Services;
import dev.signrelay.event.HttpApiEvents;
import dev.signrelay.request.IdempotencyKey;
import dev.signrelay.request.Preferences;
import dev.signrelay.request.SignRequest;
import dev.signrelay.request.SignRequest.Parsed;
import dev.signrelay.sign.Admission.Admitted;
import dev.signrelay.sign.Admission.KeysUnknown;
import dev.signrelay.sign.Admission.NotAdmitted;
import dev.signrelay.sign.SignResult.Crashed;
import dev.signrelay.sign.SignResult.KeysUnavailable;
import dev.signrelay.sign.SignResult.Refused;
import java.time.Instant;
import java.util.Optional;

/**
 * Handles a request: checks it, and answers it by {@link RequestStep}, or as a repeat of another
 * one by {@link IdempotentRequests}. Each request has one log event.
 */
public final class SignWorkflow {

  private static final String NO_RECORDS =
      "Idempotency-Key needs the records of jobs, which this deployment does not keep";

  private final Services services;
  private final Config config;
  private final RequestStep step;
  private final IdempotentRequests idempotent;

  public SignWorkflow(Services services) {
    this.services = services;
    this.config = services.config();
    this.step = new RequestStep(services);
    this.idempotent = new IdempotentRequests(services, step);
  }

  /**
   * Handles one request.
   *
   * @param now when the invocation began
   */
  public APIGatewayV2HTTPResponse handle(APIGatewayV2HTTPEvent event, Instant now) {
    String id = services.ids().get();
    String client = "";
    SignResult result;
    try {
      var budget = ResponseBudget.of(HttpApiEvents.received(event), now);
      Admission admission = Admission.of(event, services, budget);
      client = admission.client();
      result = handle(event, id, admission, budget);
    } catch (RuntimeException e) {
      result = new Crashed(id, e);
    }
    return respond(result, client, HttpApiEvents.apiRequestId(event));
  }

  /** Responds to an event that is not JSON. */
  public APIGatewayV2HTTPResponse handleMalformed() {
    var cause = new IllegalArgumentException("the event is not JSON");
    return respond(new Crashed(services.ids().get(), cause), "", "");
  }

  private APIGatewayV2HTTPResponse respond(SignResult result, String client, String apiRequestId) {
    services.log().write(RequestEvents.of(result, client, apiRequestId));
    return SignResponses.of(result);
  }

  private SignResult handle(
      APIGatewayV2HTTPEvent event, String id, Admission admission, ResponseBudget budget) {
    return switch (admission) {
      case KeysUnknown _ -> new KeysUnavailable(id);
      case NotAdmitted _ -> new Refused(id, SignAnswer.UNAUTHORIZED, Admission.NO_VALID_KEY);
      case Admitted(String client) -> handle(event, id, client, budget);
    };
  }

  private SignResult handle(
      APIGatewayV2HTTPEvent event, String id, String client, ResponseBudget budget) {
    return switch (SignRequests.parse(event, config.callback().urlRules())) {
      case Parsed.Unsupported(String error) ->
          new Refused(id, SignAnswer.UNSUPPORTED_MEDIA_TYPE, error);
      case Parsed.Invalid(String error) -> new Refused(id, SignAnswer.INVALID, error);
      case Parsed.Valid(SignRequest request) -> answer(event, id, client, request, budget);
    };
  }

  private SignResult answer(
      APIGatewayV2HTTPEvent event,
      String id,
      String client,
      SignRequest request,
      ResponseBudget budget) {
    boolean recorded = config.records().enabled();
    boolean respondAsync =
        recorded && Preferences.parse(HttpApiEvents.header(event, "prefer")).respondAsync();
    ResponseBudget forJob =
        config.clients().haveQuota(client) ? budget.withRecord().withQuota() : budget.withRecord();
    Optional<String> header = HttpApiEvents.headerIfPresent(event, "idempotency-key");
    if (header.isEmpty()) {
      var submission = new Submission(id, client, request, respondAsync, budget);
      return step.run(recorded && submission.makesJob() ? submission.with(forJob) : submission);
    }
    if (!recorded) {
      return new Refused(id, SignAnswer.INVALID, NO_RECORDS);
    }
    return IdempotencyKey.parse(header.get())
        .map(
            key ->
                idempotent.answer(
                    new Submission(key.jobId(client), client, request, respondAsync, forJob), key))
        .orElseGet(() -> new Refused(id, SignAnswer.INVALID, IdempotencyKey.RULE));
  }
}
