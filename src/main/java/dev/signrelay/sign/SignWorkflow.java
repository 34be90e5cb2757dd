package dev.signrelay.sign;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.app.Config;
import dev.signrelay.app.Services;
import dev.signrelay.event.HttpApiEvents;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Retryable;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.CallUnderWay;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.GrantSoon;
import dev.signrelay.job.SigningResult.GrantedLater;
import dev.signrelay.job.SigningResult.Missed;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.jobrecord.RecordOf;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.request.SignRequest;
import dev.signrelay.request.SignRequest.Parsed;
import dev.signrelay.retry.RetryDecision.AfterSigning;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.sign.Admission.Admitted;
import dev.signrelay.sign.Admission.KeysUnknown;
import dev.signrelay.sign.Admission.NotAdmitted;
import dev.signrelay.sign.SignResult.Attempted;
import dev.signrelay.sign.SignResult.Crashed;
import dev.signrelay.sign.SignResult.Decided;
import dev.signrelay.sign.SignResult.KeysUnavailable;
import dev.signrelay.sign.SignResult.LineFull;
import dev.signrelay.sign.SignResult.NotQueued;
import dev.signrelay.sign.SignResult.Refused;
import dev.signrelay.signing.JobSigner;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Handles a request: checks it, makes one attempt to sign, and sends the job to the queue if there
 * is a callback URL and no signature. Each request has one log event.
 */
public final class SignWorkflow {

  /** The longest wait for a grant inside SignFunction: absorbs clock skew. */
  private static final Duration MAX_GRANT_WAIT = Duration.ofMillis(250);

  /**
   * Once an attempt has taken this long, the SQS client is initialized in parallel. Its first use
   * takes longer than a slow upstream leaves before the deadline.
   */
  private static final Duration SLOW_UPSTREAM_AFTER = Duration.ofMillis(200);

  private final Services services;
  private final Config config;
  private final JobSigner signer;

  public SignWorkflow(Services services) {
    this.services = services;
    this.config = services.config();
    this.signer = services.jobSigner(MAX_GRANT_WAIT);
  }

  /**
   * Handles one request.
   *
   * @param now when the invocation began
   */
  public APIGatewayV2HTTPResponse handle(APIGatewayV2HTTPEvent event, Instant now) {
    String id = services.ids().get();
    SignResult result;
    try {
      result = handle(event, id, ResponseBudget.of(HttpApiEvents.received(event), now));
    } catch (RuntimeException e) {
      result = new Crashed(id, e);
    }
    return respond(result, HttpApiEvents.apiRequestId(event));
  }

  /** Responds to an event that is not JSON. */
  public APIGatewayV2HTTPResponse handleMalformed() {
    var cause = new IllegalArgumentException("the event is not JSON");
    return respond(new Crashed(services.ids().get(), cause), "");
  }

  private APIGatewayV2HTTPResponse respond(SignResult result, String apiRequestId) {
    services.log().write(RequestEvents.of(result, apiRequestId));
    return SignResponses.of(result);
  }

  private SignResult handle(APIGatewayV2HTTPEvent event, String id, ResponseBudget budget) {
    return switch (Admission.of(event, services, budget)) {
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
      case Parsed.Valid(SignRequest(String message, URI callbackUrl, Duration validFor)) ->
          callbackUrl == null
              ? sign(id, message, budget)
              : signOrQueue(
                  NeedsSignature.first(
                      acceptance(id, callbackUrl, validFor, client, budget), message),
                  budget);
    };
  }

  private static Acceptance acceptance(
      String id,
      URI callbackUrl,
      @Nullable Duration validFor,
      String client,
      ResponseBudget budget) {
    Instant at = budget.received();
    return new Acceptance(id, callbackUrl, at, validFor == null ? null : at.plus(validFor), client);
  }

  private SignResult sign(String id, String message, ResponseBudget budget) {
    Signing attempt = signer.attempt(id, message, budget.signing(config.upstream().timeout()));
    return new Attempted(answerTo(attempt.result()), attempt);
  }

  private static SignAnswer answerTo(SigningResult result) {
    return switch (result) {
      case Called(Signed _, _, _) -> SignAnswer.SIGNED;
      case Called(Rejected _, _, _) -> SignAnswer.REJECTED;
      case Called(Retryable _, _, _) -> SignAnswer.UNSIGNED;
      case Reused _ -> SignAnswer.SIGNED;
      case CallUnderWay _, GrantedLater _, GrantSoon _, NotGranted _, OutOfTime _, Missed _ ->
          SignAnswer.UNSIGNED;
    };
  }

  private SignResult signOrQueue(NeedsSignature job, ResponseBudget budget) {
    Signing attempt;
    try (var _ = services.queuePrimer().primeAfter(SLOW_UPSTREAM_AFTER, services.time())) {
      attempt =
          signer.attempt(
              job,
              budget.signing(config.upstream().timeout()).until(job.acceptance().validUntil()));
    }
    AfterSigning decision = services.afterSigning(job, attempt.result());
    if (attempt.result() instanceof NotGranted(Duration wait) && config.retry().exceedsLine(wait)) {
      return new LineFull(attempt, wait.minus(config.retry().maxLineTime()));
    }
    try {
      SignAnswer answer = carryOut(decision, budget);
      var _ = record(job, attempt, decision, budget);
      return new Decided(answer, attempt, decision);
    } catch (QueueUnavailableException e) {
      return new NotQueued(attempt, decision, e);
    }
  }

  private SignAnswer carryOut(AfterSigning decision, ResponseBudget budget) {
    Duration timeout = budget.sendTimeout(services.time().instant());
    return switch (decision) {
      case Deliver _ -> SignAnswer.SIGNED;
      case Requeue requeue -> {
        services.queues().send(requeue, timeout);
        services.queuePrimer().skip();
        yield SignAnswer.QUEUED;
      }
      case DeadLetter(var job, DeadLetterReason reason) -> {
        services.queues().deadLetter(job, reason, timeout);
        yield answerTo(reason);
      }
    };
  }

  /**
   * Writes the record of a job that was stored, if there are records.
   *
   * @return whether it was written; a failure is logged
   */
  private boolean record(
      NeedsSignature job, Signing attempt, AfterSigning decision, ResponseBudget budget) {
    if (decision instanceof Deliver || !config.records().enabled()) {
      return false;
    }
    Instant now = services.time().instant();
    return services.write(RecordOf.step(job, attempt, decision, now), budget.recordTimeout(now));
  }

  private static SignAnswer answerTo(DeadLetterReason reason) {
    return switch (reason.kind()) {
      case MESSAGE_REJECTED -> SignAnswer.REJECTED;
      case SIGNING_EXHAUSTED,
          NOT_CALLED,
          CALLBACK_EXHAUSTED,
          CALLBACK_GONE,
          CALLBACK_FORBIDDEN,
          EXPIRED ->
          SignAnswer.UNSIGNED;
    };
  }
}
