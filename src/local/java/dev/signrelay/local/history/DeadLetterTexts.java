package dev.signrelay.local.history;

import dev.signrelay.job.DeadLetterReason.Kind;
import java.util.Arrays;

/** Explanations of the reasons for which jobs are dead-lettered. */
final class DeadLetterTexts {

  private DeadLetterTexts() {}

  /**
   * One or two sentences.
   *
   * @param code of a {@link Kind}; otherwise the text is empty
   */
  static String of(String code) {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.code().equals(code))
        .findAny()
        .map(DeadLetterTexts::text)
        .orElse("");
  }

  private static String text(Kind kind) {
    return switch (kind) {
      case MESSAGE_REJECTED -> "The upstream rejected the message.";
      case SIGNING_EXHAUSTED -> "All signing attempts failed.";
      case CALLBACK_EXHAUSTED -> "All callback attempts failed. The job still has its signature.";
      case CALLBACK_GONE -> "The receiver answered 410 Gone.";
      case CALLBACK_FORBIDDEN -> "The callback URL is not allowed. No callback was sent.";
      case MALFORMED -> "The message is not a job.";
      case EXPIRED -> "The time for which the result was wanted is over.";
    };
  }
}
