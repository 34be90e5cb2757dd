package dev.signrelay.sign;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.app.Config;
import dev.signrelay.app.Services;
import dev.signrelay.aws.Table.TableUnavailableException;
import dev.signrelay.destination.DestinationRules;
import dev.signrelay.event.HttpApiRequest;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.request.Body;
import dev.signrelay.request.BrokenRuleException;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.request.IdempotencyKey;
import dev.signrelay.request.PreferHeader;
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
public record SignWorkflow(Services services) {

  /** What the client requests. An event with no route, or another one, is a request to sign. */
  private enum Route {
    SIGN,
    JOB,
    CALLBACK_KEY;

    static Route of(HttpApiRequest http) {
      return switch (http.route()) {
        case "GET /crypto/jobs/{id}" -> JOB;
        case "GET /crypto/callback-key" -> CALLBACK_KEY;
        default -> SIGN;
      };
    }
  }

  /** Matches the ids of jobs, but no keys of other items of the table. */
  private static final String JOB_ID = "[0-9A-Za-z_-]{1,100}";

  /** Handles a request. The event is null if it is not JSON. */
  public APIGatewayV2HTTPResponse handle(@Nullable APIGatewayV2HTTPEvent event) {
    String id = services.platform().ids().get();
    if (event == null) {
      var cause = new IllegalArgumentException("the event is not JSON");
      return respond(Answers.failed(id, cause), Route.SIGN, "", "");
    }
    HttpApiRequest http = HttpApiRequest.of(event);
    Route route = Route.of(http);
    if (route == Route.CALLBACK_KEY) {
      // Receivers have no client key.
      return respond(
          Answers.callbackKey(id, services.config().callback().publicKeys()), route, "", http.id());
    }
    String client = "";
    Answer answer;
    try {
      var budget = ResponseBudget.of(http.received(), services.time());
      ClientKeys keys = services.clientKeys().get(budget.keysTimeout());
      Optional<String> admitted =
          keys.admit(http.header("authorization"), http.header("x-api-key"));
      if (admitted.isEmpty()) {
        answer = Answers.noValidKey(id, route == Route.SIGN);
      } else {
        client = admitted.get();
        answer =
            route == Route.JOB
                ? record(id, http.pathParameters().getOrDefault("id", ""), client, budget)
                : sign(http, id, client, budget);
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
    LogEvent counted =
        switch (route) {
          case SIGN -> event.counted(answer.metric()).counted(Metric.REQUESTS);
          case JOB -> event.counted(Metric.STATUS_REQUESTS);
          case CALLBACK_KEY -> event;
        };
    services.log().write(counted);
    var headers = new HashMap<String, String>();
    headers.put("Content-Type", "application/json");
    headers.put("Cache-Control", "no-store");
    headers.put("X-Request-Id", answer.id());
    if (route == Route.SIGN) {
      headers.put("X-Sign-Status", answer.signStatus());
    }
    headers.putAll(answer.headers());
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(answer.status())
        .withHeaders(headers)
        .withBody(answer.body())
        .build();
  }

  private Answer sign(HttpApiRequest http, String id, String client, ResponseBudget budget) {
    boolean recorded = services.config().records().enabled();
    SignRequest request;
    IdempotencyKey key;
    try {
      request = request(http);
      key = key(http, recorded);
    } catch (BrokenRuleException e) {
      return Answers.invalid(id, e);
    }
    boolean respondAsync = recorded && PreferHeader.respondAsync(http.header("prefer"));
    boolean mayRecord = recorded && (respondAsync || request.callbackUrl() != null || key != null);
    var submission =
        new Submission(
            key == null ? id : key.jobId(client),
            client,
            request,
            respondAsync,
            mayRecord ? budget.withRecord(services.config().clients().haveQuota(client)) : budget);
    try {
      return key == null
          ? new RequestStep(services, submission).run().answer()
          : new IdempotentRequests(services, submission).answer(key);
    } catch (RuntimeException e) {
      return Answers.failed(submission.id(), e);
    }
  }

  private SignRequest request(HttpApiRequest http) throws BrokenRuleException {
    Config.Callback callback = services.config().callback();
    DestinationRules callbacks = callback.enabled() ? callback.destinations() : null;
    if (!http.route().equals("POST /crypto/sign")) {
      return SignRequest.parse(http.query(), callbacks);
    }
    var body =
        new Body(
            http.header("content-type"),
            http.header("content-encoding"),
            http.body(),
            http.isBase64());
    return SignRequest.parse(http.query(), body, callbacks);
  }

  private static @Nullable IdempotencyKey key(HttpApiRequest http, boolean recorded)
      throws BrokenRuleException {
    String header = http.headers().get("idempotency-key");
    if (header != null && !recorded) {
      throw new BrokenRuleException(
          "Idempotency-Key needs the records of jobs, which this deployment does not keep");
    }
    return header == null ? null : IdempotencyKey.parse(header);
  }

  /** Reads a record. A client that may not read it does not learn whether it exists. */
  private Answer record(String id, String jobId, String client, ResponseBudget budget) {
    if (!services.config().records().enabled()) {
      return Answers.noRecords(id);
    }
    if (!jobId.matches(JOB_ID)) {
      return Answers.unknownJob(id);
    }
    try {
      return services
          .jobTable()
          .readRecord(jobId, budget.sendTimeout())
          .filter(job -> job.client().isEmpty() || job.client().equals(client))
          .filter(job -> job.status() != JobStatus.ANSWERING)
          .map(job -> Answers.found(id, job, services.time().instant()))
          .orElseGet(() -> Answers.unknownJob(id));
    } catch (TableUnavailableException e) {
      return Answers.recordUnavailable(id, e);
    }
  }
}
