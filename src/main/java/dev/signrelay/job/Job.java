package dev.signrelay.job;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An accepted request until its callback is delivered: first {@link NeedsSignature}, then {@link
 * NeedsCallback}.
 */
public sealed interface Job {

  Acceptance acceptance();

  /** The number of the attempt that comes next, from 1; each stage counts its own. */
  int attempt();

  /** The earliest time of the next attempt; null: at once. */
  @Nullable Instant notBefore();

  Job withNotBefore(@Nullable Instant notBefore);

  /** A copy in the same stage with attempt 1, without delay and grant: what a redrive handles. */
  Job fresh();

  default String id() {
    return acceptance().id();
  }

  default String callbackHost() {
    return acceptance().callbackUrl().getHost();
  }

  /**
   * The data of a job that never change.
   *
   * @param id identifies the job for the client ({@code X-Request-Id}), the receiver ({@code
   *     webhook-id}) and in logs; 1 to 100 visible ASCII characters
   * @param callbackUrl absolute, http or https
   * @param at when the request was received
   */
  record Acceptance(String id, URI callbackUrl, Instant at) {
    public Acceptance {
      if (!id.matches("[!-~]{1,100}")) {
        throw new IllegalArgumentException("id must be 1 to 100 visible ASCII characters");
      }
      String scheme = callbackUrl.getScheme();
      if (callbackUrl.getHost() == null
          || !("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
        throw new IllegalArgumentException("callbackUrl must be an absolute http or https URL");
      }
    }

    /** Omits the URL, whose path and query may hold secrets. */
    @Override
    public String toString() {
      return "Acceptance[id=" + id + "]";
    }
  }

  /**
   * A job without a signature.
   *
   * @param grant the grant for the next call, which the job waits for; null: it has none
   * @param misses how many times in a row the job's turn came and no call began, because the rate
   *     limiter or the API key was unavailable, or the grant came too late; not negative. A miss is
   *     no attempt.
   */
  record NeedsSignature(
      Acceptance acceptance,
      String message,
      int attempt,
      @Nullable Instant notBefore,
      @Nullable Grant grant,
      int misses)
      implements Job {

    public NeedsSignature {
      requireText("message", message);
      requirePositive(attempt);
      if (misses < 0) {
        throw new IllegalArgumentException("misses must not be negative");
      }
    }

    /** Without a grant and without misses. */
    public NeedsSignature(
        Acceptance acceptance, String message, int attempt, @Nullable Instant notBefore) {
      this(acceptance, message, attempt, notBefore, null, 0);
    }

    /** A new job. SignFunction makes its first attempt. */
    public static NeedsSignature first(Acceptance acceptance, String message) {
      return new NeedsSignature(acceptance, message, 1, null);
    }

    /** A copy for the next attempt, without delay, grant and misses. */
    public NeedsSignature next() {
      return new NeedsSignature(acceptance, message, attempt + 1, null);
    }

    /** A copy for the same attempt with one more miss, without delay and grant. */
    public NeedsSignature missed() {
      return new NeedsSignature(acceptance, message, attempt, null, null, misses + 1);
    }

    /** A copy for the same attempt that waits in line: without delay and grant. */
    public NeedsSignature inLine() {
      return new NeedsSignature(acceptance, message, attempt, null, null, misses);
    }

    /** Whether the job had a place in line before: it has a grant, or it missed its turn. */
    public boolean hadItsTurn() {
      return grant != null || misses > 0;
    }

    /** The job in its next stage. */
    public NeedsCallback signed(String signature) {
      return new NeedsCallback(acceptance, signature, 1, null);
    }

    /** The job with another grant; null: without one. */
    public NeedsSignature withGrant(@Nullable Grant newGrant) {
      return new NeedsSignature(acceptance, message, attempt, notBefore, newGrant, misses);
    }

    @Override
    public NeedsSignature withNotBefore(@Nullable Instant newNotBefore) {
      return new NeedsSignature(acceptance, message, attempt, newNotBefore, grant, misses);
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

  /** A job whose signature is to be delivered. */
  record NeedsCallback(
      Acceptance acceptance, String signature, int attempt, @Nullable Instant notBefore)
      implements Job {

    public NeedsCallback {
      requireText("signature", signature);
      requirePositive(attempt);
    }

    /** A copy for the next attempt, without delay and grant. */
    public NeedsCallback next() {
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
