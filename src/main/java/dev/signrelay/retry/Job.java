package dev.signrelay.retry;

import dev.signrelay.limit.Grant;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An accepted request on its way to its receiver: {@link NeedsSignature}, then {@link
 * NeedsCallback}.
 */
public sealed interface Job {

  Acceptance acceptance();

  /** The number of the attempt that comes next, from 1; each stage counts its own. */
  int attempt();

  /** Not to be worked on before then; null: at once. */
  @Nullable Instant notBefore();

  Job withNotBefore(@Nullable Instant notBefore);

  /** The same stage of the same job with no attempt made: what a redrive starts from. */
  Job fresh();

  default String id() {
    return acceptance().id();
  }

  /**
   * What stays the same from the answer to the last callback.
   *
   * @param id tells the client, the receiver and the operator that it is the same job; in headers,
   *     log lines and attributes, and so 1 to 100 characters of visible ASCII
   * @param callbackUrl absolute, http or https
   */
  record Acceptance(String id, URI callbackUrl, Instant at) {
    public Acceptance {
      if (!id.matches("[!-~]{1,100}")) {
        throw new IllegalArgumentException("id must be 1 to 100 visible ASCII characters");
      }
      String scheme = callbackUrl.getScheme();
      if (callbackUrl.getHost() == null
          || !("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
          || callbackUrl.getPort() > 65_535) {
        throw new IllegalArgumentException("callbackUrl must be an absolute http or https URL");
      }
    }

    /** Without the URL, whose query may hold secrets. */
    @Override
    public String toString() {
      return "Acceptance[id=" + id + "]";
    }
  }

  /**
   * @param grant leave for the next attempt, for which it waits; null: it has to ask for one
   */
  record NeedsSignature(
      Acceptance acceptance,
      String message,
      int attempt,
      @Nullable Instant notBefore,
      @Nullable Grant grant)
      implements Job {

    public NeedsSignature {
      requireText("message", message);
      requirePositive(attempt);
    }

    /** Without a grant. */
    public NeedsSignature(
        Acceptance acceptance, String message, int attempt, @Nullable Instant notBefore) {
      this(acceptance, message, attempt, notBefore, null);
    }

    /** A new job, whose first attempt SignFunction makes itself. */
    public static NeedsSignature first(Acceptance acceptance, String message) {
      return new NeedsSignature(acceptance, message, 1, null);
    }

    NeedsSignature next() {
      return new NeedsSignature(acceptance, message, attempt + 1, null);
    }

    NeedsCallback signed(String signature) {
      return new NeedsCallback(acceptance, signature, 1, null);
    }

    NeedsSignature withGrant(@Nullable Grant newGrant) {
      return new NeedsSignature(acceptance, message, attempt, notBefore, newGrant);
    }

    @Override
    public NeedsSignature withNotBefore(@Nullable Instant newNotBefore) {
      return new NeedsSignature(acceptance, message, attempt, newNotBefore, grant);
    }

    @Override
    public NeedsSignature fresh() {
      return first(acceptance, message);
    }

    @Override
    public String toString() {
      return "NeedsSignature[id=" + id() + ", attempt=" + attempt + "]";
    }
  }

  record NeedsCallback(
      Acceptance acceptance, String signature, int attempt, @Nullable Instant notBefore)
      implements Job {

    public NeedsCallback {
      requireText("signature", signature);
      requirePositive(attempt);
    }

    NeedsCallback next() {
      return new NeedsCallback(acceptance, signature, attempt + 1, null);
    }

    @Override
    public NeedsCallback withNotBefore(@Nullable Instant notBefore) {
      return new NeedsCallback(acceptance, signature, attempt, notBefore);
    }

    @Override
    public NeedsCallback fresh() {
      return new NeedsCallback(acceptance, signature, 1, null);
    }

    @Override
    public String toString() {
      return "NeedsCallback[id=" + id() + ", attempt=" + attempt + "]";
    }
  }

  private static void requireText(String name, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(name + " must not be empty");
    }
  }

  private static void requirePositive(int attempt) {
    if (attempt < 1) {
      throw new IllegalArgumentException("attempt must be at least 1");
    }
  }
}
