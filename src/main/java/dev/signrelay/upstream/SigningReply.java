package dev.signrelay.upstream;

import dev.signrelay.http.HttpResult;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.http.HttpResult.Reply;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.KeyRefused;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Maps the result of an upstream call to its {@link SigningOutcome}. */
final class SigningReply {

  /** The longest signature, in bytes. A longer reply is a failure. */
  static final int MAX_SIGNATURE_BYTES = 16 * 1024;

  private SigningReply() {}

  static SigningOutcome outcome(HttpResult result) {
    return switch (result) {
      case NoReply(var cause, _) -> new Failed(cause.code(), null);
      case Reply reply -> outcome(reply);
    };
  }

  /**
   * Statuses that concern the message are final. All others are retried, including 404: a load
   * balancer may answer it during a deployment of the upstream.
   */
  private static SigningOutcome outcome(Reply reply) {
    return switch (reply.status()) {
      case 200 -> signature(reply);
      case 400, 413, 414, 422 -> new Rejected("http-" + reply.status());
      case 401, 403 -> new KeyRefused("http-" + reply.status(), reply.retryAfter());
      default -> new Failed("http-" + reply.status(), reply.retryAfter());
    };
  }

  private static SigningOutcome signature(Reply reply) {
    if (reply.truncated()) {
      return new Failed("oversized-body", null);
    }
    if (!isText(reply.contentType())) {
      return new Failed("not-text", null);
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(reply.body())).toString();
    } catch (CharacterCodingException e) {
      return new Failed("not-text", null);
    }
    String signature = text.replaceFirst("\\r?\\n\\z", "");
    if (signature.isBlank()) {
      return new Failed("empty-body", null);
    }
    if (signature.chars().anyMatch(c -> Character.isISOControl(c) && "\t\r\n".indexOf(c) < 0)) {
      return new Failed("not-text", null);
    }
    return new Signed(signature);
  }

  private static boolean isText(@Nullable String contentType) {
    return contentType == null || contentType.strip().toLowerCase(Locale.ROOT).startsWith("text/");
  }
}
