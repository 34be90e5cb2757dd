package dev.signrelay.sign;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.app.Config;
import dev.signrelay.app.Services;
import dev.signrelay.aws.Table.TableUnavailableException;
import dev.signrelay.event.HttpApiEvents;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.request.Body;
import dev.signrelay.request.BrokenRuleException;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.request.IdempotencyKey;
import dev.signrelay.request.Preferences;
import dev.signrelay.request.SignRequest;
import dev.signrelay.secret.SecretUnavailableException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Handles a request on any route: checks it, and answers it. A request to sign is answered by
 * {@link RequestStep}, or as a repeat of another one by {@link IdempotentRequests}. Each request
 * has one log event.
 */
public final class SignWorkflow {

  private static final String NO_RECORDS =
      "Idempotency-Key needs the records of jobs, which this deployment does not keep";

  /** The ids of jobs. Other items of the table have other keys. */
  private static final String JOB_ID = "[0-9A-Za-z_-]{1,100}";

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
   * @param event null if it is not JSON
   * @param now when the invocation began
   */
  public APIGatewayV2HTTPResponse handle(@Nullable APIGatewayV2HTTPEvent event, Instant now) {
    String id = services.newId();
    if (event == null) {
      var cause = new IllegalArgumentException("the event is not JSON");
      return respond(Answers.failed(id, cause), Route.SIGN_QUERY, "", "");
    }
    Route route = Route.of(event);
    String apiRequestId = HttpApiEvents.apiRequestId(event);
    if (route == Route.CALLBACK_KEY) {
      // Receivers have no client key.
      return respond(
          Answers.callbackKey(id, config.callback().publicKeys()), route, "", apiRequestId);
    }
    String client = "";
    Answer answer;
    try {
      var budget = ResponseBudget.of(HttpApiEvents.received(event), now);
      Optional<ClientKeys> keys = clientKeys(budget);
      Optional<String> admitted = keys.flatMap(valid -> client(valid, event));
      client = admitted.orElse("");
      if (keys.isEmpty()) {
        answer = Answers.keysUnavailable(id);
      } else if (admitted.isEmpty()) {
        answer = Answers.noValidKey(id, route);
      } else if (route == Route.JOB) {
        answer = record(id, HttpApiEvents.pathParameter(event, Route.JOB_ID), client, budget);
      } else {
        answer = sign(event, route, id, client, budget);
      }
    } catch (RuntimeException e) {
      answer = Answers.failed(id, e);
    }
    return respond(answer, route, client, apiRequestId);
  }

  private APIGatewayV2HTTPResponse respond(
      Answer answer, Route route, String client, String apiRequestId) {
    services.log().write(answer.event(route, client, apiRequestId));
    return answer.response(route);
  }

  /** Empty: the keys could not be read. */
  private Optional<ClientKeys> clientKeys(ResponseBudget budget) {
    try {
      return Optional.of(services.clientKeys().get(budget.keysTimeout(services.time().instant())));
    } catch (SecretUnavailableException _) {
      return Optional.empty();
    }
  }

  /** The client that sent a request; empty: it has no valid key. */
  private static Optional<String> client(ClientKeys keys, APIGatewayV2HTTPEvent event) {
    return keys.admit(
        HttpApiEvents.header(event, "authorization"), HttpApiEvents.header(event, "x-api-key"));
  }

  private Answer sign(
      APIGatewayV2HTTPEvent event, Route route, String id, String client, ResponseBudget budget) {
    boolean recorded = config.records().enabled();
    SignRequest request;
    Optional<IdempotencyKey> key;
    try {
      request = request(event, route);
      key = key(event, recorded);
    } catch (BrokenRuleException e) {
      return e.isUnsupportedMediaType()
          ? Answers.unsupportedMediaType(id, e)
          : Answers.invalid(id, e);
    }
    boolean respondAsync =
        recorded && Preferences.parse(HttpApiEvents.header(event, "prefer")).respondAsync();
    boolean mayRecord =
        recorded && (respondAsync || request.callbackUrl() != null || key.isPresent());
    var submission =
        new Submission(
            key.isPresent() ? key.get().jobId(client) : id,
            client,
            request,
            respondAsync,
            mayRecord ? budget.withRecord(config.clients().haveQuota(client)) : budget);
    return key.isPresent()
        ? idempotent.answer(submission, key.get())
        : step.run(submission).answer();
  }

  private SignRequest request(APIGatewayV2HTTPEvent event, Route route) throws BrokenRuleException {
    String query = HttpApiEvents.rawQuery(event);
    if (route == Route.SIGN_QUERY) {
      return SignRequest.parse(query, config.callback().urlRules());
    }
    var body =
        new Body(
            HttpApiEvents.header(event, "content-type"),
            HttpApiEvents.header(event, "content-encoding"),
            HttpApiEvents.body(event),
            HttpApiEvents.isBase64(event));
    return SignRequest.parse(query, body, config.callback().urlRules());
  }

  private static Optional<IdempotencyKey> key(APIGatewayV2HTTPEvent event, boolean recorded)
      throws BrokenRuleException {
    Optional<String> header = HttpApiEvents.headerIfPresent(event, "idempotency-key");
    if (header.isEmpty()) {
      return Optional.empty();
    }
    if (!recorded) {
      throw new BrokenRuleException(NO_RECORDS);
    }
    return Optional.of(IdempotencyKey.parse(header.get()));
  }

  /** Reads a record. A client that may not read it is not told that there is one. */
  private Answer record(String id, String jobId, String client, ResponseBudget budget) {
    if (!config.records().enabled()) {
      return Answers.noRecords(id);
    }
    if (!jobId.matches(JOB_ID)) {
      return Answers.unknownJob(id);
    }
    Optional<JobRecord> stored;
    try {
      stored = services.jobTable().readRecord(jobId, budget.sendTimeout(services.time().instant()));
    } catch (TableUnavailableException e) {
      return Answers.recordUnavailable(id, e);
    }
    return stored
        .filter(job -> job.client().isEmpty() || job.client().equals(client))
        .filter(job -> job.status() != JobStatus.ANSWERING)
        .map(job -> Answers.found(id, job, services.time().instant()))
        .orElseGet(() -> Answers.unknownJob(id));
  }
}
