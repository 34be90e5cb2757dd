package dev.signrelay.sign;

import dev.signrelay.app.Services;
import dev.signrelay.event.HttpApiRequest;
import dev.signrelay.event.HttpApiResponse;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningAttempt;
import dev.signrelay.job.SigningAttempt.Called;
import dev.signrelay.job.SigningAttempt.GrantedLater;
import dev.signrelay.job.SigningAttempt.Interrupted;
import dev.signrelay.job.SigningAttempt.LimiterUnavailable;
import dev.signrelay.job.SigningAttempt.NotGranted;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.queue.RetryQueue.QueueUnavailableException;
import dev.signrelay.request.CallbackUrlRules;
import dev.signrelay.request.SignRequest;
import dev.signrelay.request.SignRequest.Parsed;
import dev.signrelay.retry.RetryDecision.AfterSigning;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.sign.SignAnswer.Invalid;
import dev.signrelay.sign.SignAnswer.Queued;
import dev.signrelay.sign.SignAnswer.Rejected;
import dev.signrelay.sign.SignAnswer.Signed;
import dev.signrelay.sign.SignAnswer.Unauthorized;
import dev.signrelay.sign.SignAnswer.Unsigned;
import dev.signrelay.sign.SignResult.Attempted;
import dev.signrelay.sign.SignResult.Decided;
import dev.signrelay.sign.SignResult.Failed;
import dev.signrelay.sign.SignResult.Refused;
import dev.signrelay.sign.SignResult.Unavailable;
import dev.signrelay.signing.SigningWorkflow;
import dev.signrelay.time.DelayedTask;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;

/**
 * Answers a request: checks it, makes one attempt to sign, and sends the job to the queue if a
 * callback URL is given and there is no signature. Each request has one log event.
 */
public final class SignWorkflow {

  /** How long a call may wait for its grant: two machines' clocks differ. */
  private static final Duration MAX_GRANT_WAIT = Duration.ofMillis(250);

  /**
   * Once an attempt has taken this long, the SQS client is initialized in parallel. Its first use
   * takes longer than a slow upstream leaves before the deadline.
   */
  private static final Duration SLOW_UPSTREAM_AFTER = Duration.ofMillis(200);

  private final Services services;
  private final SigningWorkflow signing;

  public SignWorkflow(Services services) {
    this.services = services;
    this.signing = services.signing(MAX_GRANT_WAIT);
  }

  /** Answers a request that the function began to handle at a time. */
  public HttpApiResponse answer(HttpApiRequest request, Instant now) {
    String id = services.ids().get();
    var budget = ResponseBudget.of(request.received(), now, services.config().upstream().timeout());
    SignResult result;
    try {
      result = handle(request, id, budget);
    } catch (RuntimeException e) {
      result = new Failed(id, e);
    }
    return respond(result, request.apiRequestId());
  }

  /** Answers an event that is not a request. */
  public HttpApiResponse answerMalformed(Exception cause) {
    return respond(new Failed(services.ids().get(), cause), "");
  }

  private HttpApiResponse respond(SignResult result, String apiRequestId) {
    HttpApiResponse response = SignResponses.of(result.id(), result.answer());
    services.log().write(RequestEvents.of(result, response.statusCode(), apiRequestId, now()));
    return response;
  }

  private SignResult handle(HttpApiRequest request, String id, ResponseBudget budget) {
    if (!services.config().clients().keys().admit(request.authorization(), request.apiKey())) {
      return new Refused(id, new Unauthorized(), "no valid key");
    }
    var callback = services.config().callback();
    var rules = new CallbackUrlRules(callback.enabled(), callback.destinations());
    return switch (SignRequest.parse(request.rawQuery(), rules)) {
      case Parsed.Invalid(String error) -> new Refused(id, new Invalid(error), error);
      case Parsed.Valid(SignRequest(String message, URI callbackUrl)) ->
          callbackUrl == null
              ? sign(id, message, budget)
              : signOrQueue(
                  NeedsSignature.first(new Acceptance(id, callbackUrl, budget.start()), message),
                  budget);
    };
  }

  private SignResult sign(String id, String message, ResponseBudget budget) {
    SigningAttempt result = signing.attempt(message, budget);
    return new Attempted(answerTo(result), new Signing(id, message, 1, null, result));
  }

  private static SignAnswer answerTo(SigningAttempt result) {
    return switch (result) {
      case Called(SigningOutcome.Signed(String signature), _, _) -> new Signed(signature);
      case Called(SigningOutcome.Rejected _, _, _) -> new Rejected();
      case Called(SigningOutcome.Unsigned _, _, _) -> new Unsigned();
      case GrantedLater _, NotGranted _, LimiterUnavailable _, Interrupted _ -> new Unsigned();
    };
  }

  private SignResult signOrQueue(NeedsSignature job, ResponseBudget budget) {
    SigningAttempt result;
    try (var _ = primeQueueIfSlow()) {
      result = signing.attempt(job, budget);
    }
    Signing attempt = Signing.of(job, result);
    AfterSigning decision =
        services.policy().afterSigning(job, result, now(), services.random().getAsDouble());
    try {
      return new Decided(carryOut(decision, budget.queueTimeout(now())), attempt, decision);
    } catch (QueueUnavailableException e) {
      return new Unavailable(attempt, decision, e);
    }
  }

  private DelayedTask primeQueueIfSlow() {
    var primer = services.queuePrimer();
    return primer.isPrimed()
        ? () -> {}
        : services.time().runAfter(SLOW_UPSTREAM_AFTER, primer::prime);
  }

  private SignAnswer carryOut(AfterSigning decision, Duration timeout) {
    return switch (decision) {
      case Deliver(var job) -> new Signed(job.signature());
      case Requeue(var job, Duration delay) -> {
        services.queue().send(job, delay, timeout);
        yield new Queued();
      }
      case DeadLetter(var job, DeadLetterReason reason) -> {
        services.queue().deadLetter(job, reason, timeout);
        yield answerTo(reason);
      }
    };
  }

  private static SignAnswer answerTo(DeadLetterReason reason) {
    return switch (reason.kind()) {
      case MESSAGE_REJECTED -> new Rejected();
      case SIGNING_EXHAUSTED, CALLBACK_EXHAUSTED, CALLBACK_GONE, CALLBACK_FORBIDDEN ->
          new Unsigned();
    };
  }

  private Instant now() {
    return services.time().instant();
  }
}
