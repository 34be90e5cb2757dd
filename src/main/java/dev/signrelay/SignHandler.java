package dev.signrelay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
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
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code GET /crypto/sign}: signs once and answers in under 2 s. A request that names a callback
 * URL and gets no signature is a job in the retry queue before the answer says so.
 */
public final class SignHandler implements RequestStreamHandler {

  /** How much of the time before this function began is taken off its own. */
  private static final Duration MAX_START_DELAY = Duration.ofSeconds(1);

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

  /**
   * Called by Lambda with an event of an HTTP API, payload format 2.0.
   *
   * @throws IOException if the event cannot be read, which API Gateway answers with a 500
   */
  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    Instant now = parts.clock().instant();
    HttpApiRequest request = HttpApiRequest.read(event);
    answer(request.rawQuery(), startOf(request, now)).write(answer);
  }

  /**
   * When the client began to wait, by API Gateway's clock. A time that is ahead of ours, or longer
   * ago than a restored function takes to start, is a sample event's or another clock's.
   */
  private static Instant startOf(HttpApiRequest request, Instant now) {
    boolean plausible =
        !request.received().isAfter(now) && request.received().isAfter(now.minus(MAX_START_DELAY));
    return plausible ? request.received() : now;
  }

  private HttpApiResponse answer(String rawQuery, Instant start) {
    String id = parts.ids().get();
    try {
      return switch (SignRequest.parse(rawQuery, callbackUrlRules)) {
        case Parsed.Invalid(String error) -> {
          parts.log().write(AttemptLines.refused(id, error));
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

  private HttpApiResponse signNow(String message, String id, Instant start) {
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

  private HttpApiResponse signNowOrQueue(NeedsSignature job) {
    Instant start = job.acceptance().at();
    SigningOutcome outcome = signPreparingQueue(job.message(), upstreamTimeout(start));
    AfterSigning decision =
        parts
            .policy()
            .afterSigning(job, outcome, parts.clock().instant(), parts.random().getAsDouble());
    LogEvent line =
        AttemptLines.answered(AttemptLines.signing(job, outcome, since(start)), decision);
    try {
      HttpApiResponse answer = carryOut(decision, job);
      parts.log().write(line);
      return answer;
    } catch (QueueUnavailableException e) {
      parts.log().write(AttemptLines.queueUnavailable(line, e));
      return SignAnswer.queueUnavailable(job.id());
    }
  }

  private HttpApiResponse carryOut(AfterSigning decision, NeedsSignature job) {
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
