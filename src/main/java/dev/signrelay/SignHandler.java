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

/**
 * {@code GET /crypto/sign}: signs once and answers in under 2 s. A request that names a callback
 * URL and gets no signature is a job in the retry queue before the answer says so.
 */
public final class SignHandler implements RequestStreamHandler {

  /** API Gateway waits no longer than this (its quota for an integration). */
  private static final Duration OLDEST_REQUEST = Duration.ofSeconds(30);

  /** The most that a slow start takes off the upstream's time. */
  private static final Duration MAX_START_DELAY = Duration.ofSeconds(1);

  /** Leaves 100 ms of the promised 2 s for the way in and out. */
  private static final Duration ANSWER_WITHIN = Duration.ofMillis(1_900);

  /** What the upstream call leaves of that to the queue, at least. */
  private static final Duration QUEUE_RESERVE = Duration.ofMillis(400);

  private final Wiring parts;
  private final CallbackUrlRules callbackUrlRules;

  /**
   * Called by Lambda.
   *
   * @throws IllegalStateException if a setting is missing or wrong
   */
  public SignHandler() {
    this(Wiring.fromEnvironment());
    // After a slow upstream the queue has little more than its reserve, too little to load the SDK.
    parts.queue().prepare();
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
   * ago than anyone waits, is a sample event's.
   */
  private static Instant startOf(HttpApiRequest request, Instant now) {
    Instant received = request.received();
    if (received.isAfter(now) || received.isBefore(now.minus(OLDEST_REQUEST))) {
      return now;
    }
    Instant earliest = now.minus(MAX_START_DELAY);
    return received.isBefore(earliest) ? earliest : received;
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
    Instant begin = parts.clock().instant();
    SigningOutcome outcome = parts.signer().sign(message, upstreamTimeout(start));
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

  private HttpApiResponse signNowOrQueue(NeedsSignature job) {
    Instant start = job.acceptance().at();
    Instant begin = parts.clock().instant();
    SigningOutcome outcome = parts.signer().sign(job.message(), upstreamTimeout(start));
    Duration took = since(begin);
    AfterSigning decision =
        parts
            .policy()
            .afterSigning(job, outcome, parts.clock().instant(), parts.random().getAsDouble());
    LogEvent line = AttemptLines.answered(AttemptLines.signing(job, outcome, took), decision);
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

  private Duration upstreamTimeout(Instant start) {
    Duration left = ANSWER_WITHIN.minus(QUEUE_RESERVE).minus(since(start));
    Duration setting = parts.config().upstreamTimeout();
    return setting.compareTo(left) < 0 ? setting : left;
  }

  private Duration since(Instant start) {
    return Duration.between(start, parts.clock().instant());
  }
}
