package dev.signrelay.upstream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one signing attempt ended: {@link Signed}, {@link Unsigned} or {@link Rejected}. */
public sealed interface SigningOutcome {

  /** What logs and dead letters say: {@code signed}, {@code timeout}, {@code http-503}... */
  String code();

  /**
   * @param signature as the upstream gave it, without its final line break
   */
  record Signed(String signature) implements SigningOutcome {
    @Override
    public String code() {
      return "signed";
    }

    /** Without the signature, which must not reach a log. */
    @Override
    public String toString() {
      return "Signed";
    }
  }

  /**
   * No signature this time; another attempt may get one.
   *
   * @param code why
   * @param retryAfter how long the upstream asks to wait; null: it does not say
   */
  record Unsigned(String code, @Nullable Duration retryAfter) implements SigningOutcome {

    /** Whether the upstream refused our key, which an operator has to mend. */
    public boolean keyRefused() {
      return code.equals("http-401") || code.equals("http-403");
    }
  }

  /** The upstream will never sign this message. */
  record Rejected(String code) implements SigningOutcome {}
}
