package dev.signrelay.upstream;

import dev.signrelay.http.HttpResult;
import dev.signrelay.http.HttpResult.NoReply;
import dev.signrelay.http.HttpResult.Reply;
import dev.signrelay.upstream.SigningOutcome.Rejected;
import dev.signrelay.upstream.SigningOutcome.Signed;
import dev.signrelay.upstream.SigningOutcome.Unsigned;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an answer of the upstream means. */
final class SigningReply {

  /** The longest signature, in bytes. */
  static final int MAX_SIGNATURE_BYTES = 16 * 1024;

  private SigningReply() {}

  static SigningOutcome outcome(HttpResult result, Instant now) {
    return switch (result) {
      case NoReply(var cause, _) -> new Unsigned(cause.code(), null);
      case Reply reply -> outcome(reply, now);
    };
  }

  /** Only a status that blames the message itself ends its tries; any other may pass. */
  private static SigningOutcome outcome(Reply reply, Instant now) {
    return switch (reply.status()) {
      case 200 -> signature(reply);
      case 400, 404, 413, 414, 422 -> new Rejected("http-" + reply.status());
      default -> new Unsigned("http-" + reply.status(), reply.retryAfter(now));
    };
  }

  private static SigningOutcome signature(Reply reply) {
    if (reply.truncated()) {
      return new Unsigned("oversized-body", null);
    }
    if (!isText(reply.contentType())) {
      return new Unsigned("not-text", null);
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(reply.body())).toString();
    } catch (CharacterCodingException e) {
      return new Unsigned("not-text", null);
    }
    String signature = withoutFinalLineBreak(text);
    if (signature.isBlank()) {
      return new Unsigned("empty-body", null);
    }
    if (signature.chars().anyMatch(c -> Character.isISOControl(c) && "\t\r\n".indexOf(c) < 0)) {
      return new Unsigned("not-text", null);
    }
    return new Signed(signature);
  }

  private static boolean isText(@Nullable String contentType) {
    return contentType == null || contentType.strip().toLowerCase(Locale.ROOT).startsWith("text/");
  }

  private static String withoutFinalLineBreak(String text) {
    if (text.endsWith("\r\n")) {
      return text.substring(0, text.length() - 2);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }
}
