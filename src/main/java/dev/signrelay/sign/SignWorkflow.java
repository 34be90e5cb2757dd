package dev.signrelay.sign;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.app.Config;
import dev.signrelay.app.Services;
import dev.signrelay.aws.Table.TableUnavailableException;
import dev.signrelay.event.HttpApiRequest;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.request.Body;
import dev.signrelay.request.BrokenRuleException;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.request.IdempotencyKey;
import dev.signrelay.request.Preferences;
import dev.signrelay.request.SignRequest;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import java.util.HashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Handles a request on any route: checks it, and answers it. A request to sign is answered by
 * {@link RequestStep}, or as a repeat of another one by {@link IdempotentRequests}. Each request
 * has one log event.
 */
public final class SignWorkflow {

  /** The routes of SignFunction. An event that names none of them is a {@link #SIGN_QUERY}. */
  private enum Route {
    SIGN_QUERY,
    SIGN_BODY,
    JOB,
    CALLBACK_KEY;

    static Route of(HttpApiRequest http) {
      return switch (http.route()) {
        case "POST /crypto/sign" -> SIGN_BODY;
        case "GET /crypto/jobs/{id}" -> JOB;
        case "GET /crypto/callback-key" -> CALLBACK_KEY;
        default -> SIGN_QUERY;
      };
    }

    boolean isToSign() {
      return this == SIGN_QUERY || this == SIGN_BODY;
    }
  }

  private static final String NO_RECORDS =
      "Idempotency-Key needs the records of jobs, which this deployment does not keep";

  /** The ids of jobs. Other items of the table have other keys. */
  private static final String JOB_ID = "[0-9A-Za-z_-]{1,100}";

  private final Services services;
  private final Config config;

  public SignWorkflow(Services services) {
    this.services = services;
    this.config = services.config();
  }

  /** Handles a request. Null: the event is not JSON. */
  public APIGatewayV2HTTPResponse handle(@Nullable APIGatewayV2HTTPEvent event) {
    String id = services.newId();
    if (event == null) {
      var cause = new IllegalArgumentException("the event is not JSON");
      return respond(Answers.failed(id, cause), Route.SIGN_QUERY, "", "");
    }
    HttpApiRequest http = HttpApiRequest.of(event);
    Route route = Route.of(http);
    if (route == Route.CALLBACK_KEY) {
      // Receivers have no client key.
      return respond(Answers.callbackKey(id, config.callback().publicKeys()), route, "", http.id());
    }
    String client = "";
    Answer answer;
    try {
      var budget = ResponseBudget.of(http.received(), services.time());
      ClientKeys keys = services.clientKeys().get(budget.keysTimeout());
      Optional<String> admitted =
          keys.admit(http.header("authorization"), http.header("x-api-key"));
      if (admitted.isEmpty()) {
        answer = Answers.noValidKey(id, route.isToSign());
      } else {
        client = admitted.get();
        answer =
            route == Route.JOB
                ? record(id, http.pathParameters().getOrDefault("id", ""), client, budget)
                : sign(http, route, id, client, budget);
      }
    } catch (SecretUnavailableException _) {
      answer = Answers.keysUnavailable(id);
    } catch (RuntimeException e) {
      answer = Answers.failed(id, e);
    }
    return respond(answer, route, client, http.id());
  }

  private APIGatewayV2HTTPResponse respond(
      Answer answer, Route route, String client, String apiRequestId) {
    LogEvent event =
        answer
            .event()
            .with("status", answer.status())
            .with("client", client.isEmpty() ? null : client)
            .with("apiRequestId", apiRequestId.isEmpty() ? null : apiRequestId);
    services
        .log()
        .write(
            switch (route) {
              case SIGN_QUERY, SIGN_BODY -> event.counted(answer.metric()).counted(Metric.REQUESTS);
              case JOB -> event.counted(Metric.STATUS_REQUESTS);
              case CALLBACK_KEY -> event;
            });
    var headers = new HashMap<String, String>();
    headers.put("Content-Type", "application/json");
    headers.put("Cache-Control", "no-store");
    headers.put("X-Request-Id", answer.id());
    if (route.isToSign()) {
      headers.put("X-Sign-Status", answer.signStatus());
    }
    headers.putAll(answer.headers());
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(answer.status())
        .withHeaders(headers)
        .withBody(answer.body())
        .build();
  }

  private Answer sign(
      HttpApiRequest http, Route route, String id, String client, ResponseBudget budget) {
    boolean recorded = config.records().enabled();
    SignRequest request;
    Optional<IdempotencyKey> key;
    try {
      request = request(http, route);
      key = key(http, recorded);
    } catch (BrokenRuleException e) {
      return Answers.invalid(id, e);
    }
    boolean respondAsync = recorded && Preferences.respondAsync(http.header("prefer"));
    boolean mayRecord =
        recorded && (respondAsync || request.callbackUrl() != null || key.isPresent());
    var submission =
        new Submission(
            key.isPresent() ? key.get().jobId(client) : id,
            client,
            request,
            respondAsync,
            mayRecord ? budget.withRecord(config.clients().haveQuota(client)) : budget);
    try {
      return key.isPresent()
          ? new IdempotentRequests(services, submission).answer(key.get())
          : new RequestStep(services, submission).run().answer();
    } catch (RuntimeException e) {
      return Answers.failed(submission.id(), e);
    }
  }

  private SignRequest request(HttpApiRequest http, Route route) throws BrokenRuleException {
    if (route == Route.SIGN_QUERY) {
      return SignRequest.parse(http.query(), config.callback().urlRules());
    }
    var body =
        new Body(
            http.header("content-type"),
            http.header("content-encoding"),
            http.body(),
            http.isBase64());
    return SignRequest.parse(http.query(), body, config.callback().urlRules());
  }

  private static Optional<IdempotencyKey> key(HttpApiRequest http, boolean recorded)
      throws BrokenRuleException {
    Optional<String> header = http.headerIfPresent("idempotency-key");
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
      stored = services.jobTable().readRecord(jobId, budget.sendTimeout());
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
