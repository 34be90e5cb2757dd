package dev.signrelay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.signrelay.deadline.AnswerDeadline;
import dev.signrelay.event.HttpApiRequest;
import dev.signrelay.event.HttpApiResponse;
import dev.signrelay.json.Json.MalformedJsonException;
import dev.signrelay.request.CallbackUrlRules;
import dev.signrelay.request.SignRequest;
import dev.signrelay.request.SignRequest.Parsed;
import dev.signrelay.retry.Job.Acceptance;
import dev.signrelay.retry.Job.NeedsSignature;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /crypto/sign}: signs once and answers in under 2 s. A request that names a callback
 * URL and gets no signature is a job in the retry queue before the answer says so.
 */
public final class SignHandler implements RequestStreamHandler {

  private final Supplier<Wiring> parts;

  /**
   * Called by Lambda.
   *
   * @throws IllegalStateException if a setting is missing or wrong
   */
  public SignHandler() {
    this(SnapStart.parts(Rehearsal::signing));
  }

  public SignHandler(Wiring parts) {
    this(() -> parts);
  }

  SignHandler(Supplier<Wiring> parts) {
    this.parts = parts;
  }

  /**
   * Called by Lambda with an event of an HTTP API, payload format 2.0.
   *
   * @throws IOException if the event cannot be read, or the answer not be written, which API
   *     Gateway answers with a 500
   */
  @Override
  public void handleRequest(InputStream event, OutputStream answer, @Nullable Context context)
      throws IOException {
    answer(event, parts.get()).write(answer);
  }

  private static HttpApiResponse answer(InputStream event, Wiring parts) throws IOException {
    Instant now = parts.clock().instant();
    String id = parts.ids().get();
    HttpApiRequest request;
    try {
      request = HttpApiRequest.read(event);
    } catch (MalformedJsonException e) {
      parts.log().write(AttemptLines.unexpected(id, e));
      return SignAnswer.internalError(id);
    }
    return answer(request, id, AnswerDeadline.of(request.received(), now), parts);
  }

  private static HttpApiResponse answer(
      HttpApiRequest request, String id, AnswerDeadline deadline, Wiring parts) {
    var rules =
        new CallbackUrlRules(parts.config().callbackEnabled(), parts.config().callbackTargets());
    var first = new FirstAttempt(parts);
    try {
      if (!parts.config().clientKeys().admit(request.authorization(), request.apiKey())) {
        parts.log().write(AttemptLines.refused(id, "no valid key"));
        return SignAnswer.unauthorized(id);
      }
      return switch (SignRequest.parse(request.rawQuery(), rules)) {
        case Parsed.Invalid(String error) -> {
          parts.log().write(AttemptLines.refused(id, error));
          yield SignAnswer.badRequest(id, error);
        }
        case Parsed.Valid(SignRequest(String message, URI callbackUrl)) ->
            callbackUrl == null
                ? first.answer(message, id, deadline)
                : first.answerOrQueue(
                    NeedsSignature.first(
                        new Acceptance(id, callbackUrl, deadline.start()), message),
                    deadline);
      };
    } catch (RuntimeException e) {
      parts.log().write(AttemptLines.unexpected(id, e));
      return SignAnswer.internalError(id);
    }
  }
}
