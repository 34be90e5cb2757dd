package dev.signrelay.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one upstream call ended. */
public sealed interface SigningOutcome {

  /** In logs, records and dead letters: {@code signed}, {@code timeout} and so on. */
  String code();

  /**
   * The upstream signed the message.
   *
   * @param signature as the upstream sent it, without its final line break
   */
  record Signed(String signature) implements SigningOutcome {
    @Override
    public String code() {
      return "signed";
    }

    /** Omits the signature, which must not reach a log. */
    @Override
    public String toString() {
      return "Signed";
    }
  }

  /** The upstream will never sign this message. */
  record Rejected(String code) implements SigningOutcome {}

  /** The call returned no signature; another call may return one. */
  sealed interface Retryable extends SigningOutcome {

    /** How long the upstream asks to wait before the next call; null: it does not ask. */
    @Nullable Duration retryAfter();
  }

  /**
   * The call failed: no complete reply, a status that is retried, or a reply without a signature.
   */
  record Failed(String code, @Nullable Duration retryAfter) implements Retryable {}

  /** The upstream refused the API key (401 or 403). An operator has to replace the key. */
  record KeyRefused(String code, @Nullable Duration retryAfter) implements Retryable {}
}
