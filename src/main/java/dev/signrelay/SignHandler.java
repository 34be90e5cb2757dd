package dev.signrelay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.log.LogEvent;
import dev.signrelay.log.LogEvent.Level;
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
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code GET /crypto/sign}: signs once and answers in under 2 s. A request that names a callback
 * URL and gets no signature is a job in the retry queue before the answer says so.
 */
public final class SignHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

  /** Leaves 100 ms of the promised 2 s for the way in and out. */
  private static final Duration ANSWER_WITHIN = Duration.ofMillis(1_900);

  /** What the upstream call leaves of that to the queue, at least. */
  private static final Duration QUEUE_RESERVE = Duration.ofMillis(400);

  /** An upstream that takes this long may well leave the queue nothing but its reserve. */
  private static final Duration PREPARE_QUEUE_AFTER = Duration.ofMillis(200);

  private final Wiring parts;
  private final CallbackUrlRules callbackUrlRules;

  /**
   * Called by Lambda.
   *
   * @throws IllegalStateException if a setting is missing or wrong
   */
  public SignHandler() {
    this(Wiring.fromEnvironment());
  }

  public SignHandler(Wiring parts) {
    this.parts = parts;
    this.callbackUrlRules =
        new CallbackUrlRules(
            parts.config().callbackEnabled(), parts.config().allowPrivateAddresses());
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    Instant start = parts.clock().instant();
    String id = parts.ids().get();
    try {
      return switch (SignRequest.parse(event.getRawQueryString(), callbackUrlRules)) {
        case Parsed.Invalid(String error) -> {
          parts
              .log()
              .write(
                  LogEvent.of(Level.INFO, "request refused").with("id", id).with("error", error));
          yield SignAnswer.badRequest(id, error);
        }
        case Parsed.Valid(SignRequest(String message, URI callbackUrl)) ->
            callbackUrl == null
                ? signNow(message, id, start)
                : signNowOrQueue(
                    NeedsSignature.first(new Acceptance(id, callbackUrl, start), message));
      };
    } catch (RuntimeException e) {
      parts.log().write(AttemptLines.unexpected(id, e));
      return SignAnswer.internalError(id);
    }
  }

  private APIGatewayV2HTTPResponse signNow(String message, String id, Instant start) {
    SigningOutcome outcome = parts.signer().sign(message, upstreamTimeout(start));
    parts
        .log()
        .write(
            AttemptLines.signing(id, message, 1, outcome, since(start)).with("decision", "answer"));
    return switch (outcome) {
      case SigningOutcome.Signed(String signature) -> SignAnswer.signed(id, signature);
      case SigningOutcome.Unsigned _ -> SignAnswer.unsigned(id);
      case SigningOutcome.Rejected _ -> SignAnswer.rejected(id);
    };
  }

  private APIGatewayV2HTTPResponse signNowOrQueue(NeedsSignature job) {
    Instant start = job.acceptance().at();
    SigningOutcome outcome = signPreparingQueue(job.message(), upstreamTimeout(start));
    AfterSigning decision =
        parts
            .policy()
            .afterSigning(job, outcome, parts.clock().instant(), parts.random().getAsDouble());
    LogEvent line =
        AttemptLines.answered(AttemptLines.signing(job, outcome, since(start)), decision);
    try {
      APIGatewayV2HTTPResponse answer = carryOut(decision, job);
      parts.log().write(line);
      return answer;
    } catch (QueueUnavailableException e) {
      parts.log().write(AttemptLines.queueUnavailable(line, e));
      return SignAnswer.queueUnavailable(job.id());
    }
  }

  private APIGatewayV2HTTPResponse carryOut(AfterSigning decision, NeedsSignature job) {
    Duration timeout = ANSWER_WITHIN.minus(since(job.acceptance().at()));
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

  /** While a slow upstream is waited for, the processor is free to get the queue ready. */
  private SigningOutcome signPreparingQueue(String message, Duration timeout) {
    var done = new AtomicBoolean();
    Thread.startVirtualThread(
        () -> {
          try {
            Thread.sleep(PREPARE_QUEUE_AFTER);
            if (!done.get()) {
              parts.queue().prepare();
            }
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
    try {
      return parts.signer().sign(message, timeout);
    } finally {
      done.set(true);
    }
  }

  private Duration upstreamTimeout(Instant start) {
    Duration left = ANSWER_WITHIN.minus(QUEUE_RESERVE).minus(since(start));
    Duration setting = parts.config().upstreamTimeout();
    return setting.compareTo(left) < 0 ? setting : left;
  }

  private Duration since(Instant start) {
    return Duration.between(start, parts.clock().instant());
  }
}
