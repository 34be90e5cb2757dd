package dev.signrelay.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one upstream call ended. */
public sealed interface SigningOutcome {

  /** For logs and dead letters: {@code signed}, {@code timeout}, {@code http-503} and so on. */
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

  /** No signature; another call may get one. */
  sealed interface Retryable extends SigningOutcome {

    /** How long the upstream asks to wait before the next call; null: it does not say. */
    @Nullable Duration retryAfter();
  }

  /** The call failed: no complete reply, or a transient status. */
  record Failed(String code, @Nullable Duration retryAfter) implements Retryable {}

  /** The upstream refused the API key (401 or 403). An operator has to replace the key. */
  record KeyRefused(String code, @Nullable Duration retryAfter) implements Retryable {}
}
