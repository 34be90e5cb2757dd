package dev.signrelay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.signrelay.deadline.AnswerDeadline;
import dev.signrelay.event.HttpApiRequest;
import dev.signrelay.event.HttpApiResponse;
import dev.signrelay.log.LogEvent;
import dev.signrelay.queue.RetryQueue.QueueUnavailableException;
import dev.signrelay.request.CallbackUrlRules;
import dev.signrelay.request.SignRequest;
import dev.signrelay.request.SignRequest.Parsed;
import dev.signrelay.retry.Job.Acceptance;
import dev.signrelay.retry.Job.NeedsSignature;
import dev.signrelay.retry.RetryDecision.AfterSigning;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.upstream.SigningOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /crypto/sign}: signs once and answers in under 2 s. A request that names a callback
 * URL and gets no signature is a job in the retry queue before the answer says so.
 */
public final class SignHandler implements RequestStreamHandler {

  private final Wiring parts;
  private final CallbackUrlRules callbackUrlRules;

  /**
   * Called by Lambda.
   *
   * @throws IllegalStateException if a setting is missing or wrong
   */
  public SignHandler() {
    this(Wiring.fromEnvironment());
    // After a slow upstream there is little time left, too little to load classes in it.
    Rehearsal.run(parts);
  }

  public SignHandler(Wiring parts) {
    this.parts = parts;
    this.callbackUrlRules =
        new CallbackUrlRules(
            parts.config().callbackEnabled(), parts.config().allowPrivateAddresses());
  }

  /**
   * Called by Lambda with an event of an HTTP API, payload format 2.0.
   *
   * @throws IOException if the event cannot be read, which API Gateway answers with a 500
   */
  @Override
  public void handleRequest(InputStream event, OutputStream answer, @Nullable Context context)
      throws IOException {
    Instant now = parts.clock().instant();
    HttpApiRequest request = HttpApiRequest.read(event);
    answer(request, AnswerDeadline.of(request.received(), now)).write(answer);
  }

  private HttpApiResponse answer(HttpApiRequest request, AnswerDeadline deadline) {
    String id = parts.ids().get();
    try {
      if (!parts.config().clientKeys().admit(request.authorization(), request.apiKey())) {
        parts.log().write(AttemptLines.refused(id, "no valid key"));
        return SignAnswer.unauthorized(id);
      }
      return switch (SignRequest.parse(request.rawQuery(), callbackUrlRules)) {
        case Parsed.Invalid(String error) -> {
          parts.log().write(AttemptLines.refused(id, error));
          yield SignAnswer.badRequest(id, error);
        }
        case Parsed.Valid(SignRequest(String message, URI callbackUrl)) ->
            callbackUrl == null
                ? signNow(message, id, deadline)
                : signNowOrQueue(
                    NeedsSignature.first(
                        new Acceptance(id, callbackUrl, deadline.start()), message),
                    deadline);
      };
    } catch (RuntimeException e) {
      parts.log().write(AttemptLines.unexpected(id, e));
      return SignAnswer.internalError(id);
    }
  }

  private HttpApiResponse signNow(String message, String id, AnswerDeadline deadline) {
    Instant begin = parts.clock().instant();
    SigningOutcome outcome = sign(message, deadline);
    parts
        .log()
        .write(
            AttemptLines.signing(id, message, 1, outcome, since(begin)).with("decision", "answer"));
    return switch (outcome) {
      case SigningOutcome.Signed(String signature) -> SignAnswer.signed(id, signature);
      case SigningOutcome.Unsigned _ -> SignAnswer.unsigned(id);
      case SigningOutcome.Rejected _ -> SignAnswer.rejected(id);
    };
  }

  private HttpApiResponse signNowOrQueue(NeedsSignature job, AnswerDeadline deadline) {
    Instant begin = parts.clock().instant();
    SigningOutcome outcome = sign(job.message(), deadline);
    Duration took = since(begin);
    AfterSigning decision =
        parts
            .policy()
            .afterSigning(job, outcome, parts.clock().instant(), parts.random().getAsDouble());
    LogEvent line = AttemptLines.answered(AttemptLines.signing(job, outcome, took), decision);
    try {
      HttpApiResponse answer = carryOut(decision, job, deadline);
      parts.log().write(line);
      return answer;
    } catch (QueueUnavailableException e) {
      parts.log().write(AttemptLines.queueUnavailable(line, e));
      return SignAnswer.queueUnavailable(job.id());
    }
  }

  private HttpApiResponse carryOut(
      AfterSigning decision, NeedsSignature job, AnswerDeadline deadline) {
    Duration timeout = deadline.queueTimeout(parts.clock().instant());
    return switch (decision) {
      case Deliver(var signed) -> SignAnswer.signed(job.id(), signed.signature());
      case Requeue(var next, Duration delay) -> {
        parts.queue().send(next, delay, timeout);
        yield SignAnswer.queued(job.id());
      }
      case DeadLetter(var fresh, var reason) -> {
        parts.queue().deadLetter(fresh, reason, timeout);
        yield switch (reason.kind()) {
          case MESSAGE_REJECTED -> SignAnswer.rejected(job.id());
          case SIGNING_EXHAUSTED, CALLBACK_EXHAUSTED, CALLBACK_GONE ->
              SignAnswer.unsigned(job.id());
        };
      }
    };
  }

  private SigningOutcome sign(String message, AnswerDeadline deadline) {
    Duration setting = parts.config().upstreamTimeout();
    return parts.signer().sign(message, deadline.upstreamTimeout(setting, parts.clock().instant()));
  }

  private Duration since(Instant begin) {
    return Duration.between(begin, parts.clock().instant());
  }
}
