package dev.signrelay.callback;

import dev.signrelay.http.HttpResult;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.http.HttpResult.Reply;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Maps the result of a callback to its {@link DeliveryOutcome}. */
final class CallbackReply {

  private CallbackReply() {}

  static DeliveryOutcome outcome(HttpResult result) {
    return switch (result) {
      case Reply reply -> outcome(reply.status(), reply.retryAfter());
      // The status alone decides, even if the body is incomplete.
      case NoReply(_, Integer status) when status != null -> outcome(status, null);
      // A forbidden address, too: otherwise a client could find out which names are internal.
      case NoReply(var cause, _) -> new Undelivered(cause.code(), null);
    };
  }

  private static DeliveryOutcome outcome(int status, @Nullable Duration retryAfter) {
    String code = "http-" + status;
    if (status / 100 == 2) {
      return new Delivered(code);
    }
    return status == 410 ? new Gone(code) : new Undelivered(code, retryAfter);
  }
}
