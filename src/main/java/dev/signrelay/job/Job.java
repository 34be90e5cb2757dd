package dev.signrelay.job;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An accepted request, until its result is delivered: first {@link NeedsSignature}, then {@link
 * NeedsCallback}.
 */
public sealed interface Job {

  Acceptance acceptance();

  /** The number of the next attempt, from 1. Each stage counts its own attempts. */
  int attemptNumber();

  /** The earliest time of the next attempt; null: at once. */
  @Nullable Instant notBefore();

  /**
   * When the job entered its stage, or was redriven. The time limit of the stage counts from then.
   */
  Instant since();

  /** A copy in the same stage. */
  Job with(int attemptNumber, @Nullable Instant notBefore, Instant since);

  default Job withNotBefore(@Nullable Instant notBefore) {
    return with(attemptNumber(), notBefore, since());
  }

  /**
   * A copy for the next attempt, without delay. Before its time is used up, a stage may have any
   * number of attempts, so the number stops at the largest {@code int}.
   */
  default Job next() {
    int number = attemptNumber();
    return with(number == Integer.MAX_VALUE ? number : number + 1, null, since());
  }

  /** A copy whose stage begins again now, with attempt 1, without delay. */
  default Job fresh(Instant now) {
    return with(1, null, after(since(), now));
  }

  default String id() {
    return acceptance().id();
  }

  /** The host of the callback URL; null: there is none. */
  default @Nullable String callbackHost() {
    URI url = acceptance().callbackUrl();
    return url == null ? null : url.getHost();
  }

  /** Whether nothing more may be done for the job, because its result is no longer wanted. */
  default boolean isExpired(Instant now) {
    Instant end = acceptance().validUntil();
    return end != null && !now.isBefore(end);
  }

  /**
   * The data of a job that never change.
   *
   * @param id identifies the job for the client ({@code X-Request-Id}), the receiver ({@code
   *     webhook-id}) and in logs; 1 to 100 visible ASCII characters
   * @param callbackUrl absolute, http or https; null: the result is kept in the job's record
   * @param at when the request was received
   * @param validUntil until when the result is wanted; null: there is no limit
   * @param client identifies the client that may read the job's record; empty: anyone may
   */
  record Acceptance(
      String id,
      @Nullable URI callbackUrl,
      Instant at,
      @Nullable Instant validUntil,
      String client) {

    /** Data without a client and without a time limit. */
    public Acceptance(String id, URI callbackUrl, Instant at) {
      this(id, callbackUrl, at, null, "");
    }

    public Acceptance {
      require(id.matches("[!-~]{1,100}"), "id must be 1 to 100 visible ASCII characters");
      require(
          callbackUrl == null || isHttp(callbackUrl),
          "callbackUrl must be an absolute http or https URL");
    }

    private static boolean isHttp(URI url) {
      return url.getHost() != null
          && ("http".equalsIgnoreCase(url.getScheme())
              || "https".equalsIgnoreCase(url.getScheme()));
    }

    /** Omits the URL, whose path and query may hold secrets. */
    @Override
    public String toString() {
      return "Acceptance[id=" + id + "]";
    }
  }

  record NeedsSignature(
      Acceptance acceptance,
      String message,
      int attemptNumber,
      @Nullable Instant notBefore,
      Instant since)
      implements Job {

    public NeedsSignature {
      require(!message.isEmpty(), "message must not be empty");
      require(attemptNumber >= 1, "attempt must be at least 1");
    }

    /** A new job, whose first attempt SignFunction makes. */
    public static NeedsSignature first(Acceptance acceptance, String message) {
      return new NeedsSignature(acceptance, message, 1, null, acceptance.at());
    }

    /** The job in its next stage, after a call. */
    public NeedsCallback signed(String signature, Instant now) {
      return new NeedsCallback(acceptance, signature, 1, null, after(since, now), attemptNumber);
    }

    /** The job in its next stage, without a call: the signature was obtained before. */
    public NeedsCallback signedBefore(String signature, Instant now) {
      return new NeedsCallback(
          acceptance, signature, 1, null, after(since, now), attemptNumber - 1);
    }

    @Override
    public NeedsSignature with(int attemptNumber, @Nullable Instant notBefore, Instant since) {
      return new NeedsSignature(acceptance, message, attemptNumber, notBefore, since);
    }

    @Override
    public String toString() {
      return "NeedsSignature[id=" + id() + ", attempt=" + attemptNumber + "]";
    }
  }

  /**
   * A job whose signature is to be delivered; without a callback URL, to its record.
   *
   * @param calls the number of upstream calls that were made for it; not negative
   */
  record NeedsCallback(
      Acceptance acceptance,
      String signature,
      int attemptNumber,
      @Nullable Instant notBefore,
      Instant since,
      int calls)
      implements Job {

    public NeedsCallback {
      require(!signature.isEmpty(), "signature must not be empty");
      require(attemptNumber >= 1, "attempt must be at least 1");
      require(calls >= 0, "calls must not be negative");
    }

    @Override
    public NeedsCallback with(int attemptNumber, @Nullable Instant notBefore, Instant since) {
      return new NeedsCallback(acceptance, signature, attemptNumber, notBefore, since, calls);
    }

    @Override
    public String toString() {
      return "NeedsCallback[id=" + id() + ", attempt=" + attemptNumber + "]";
    }
  }

  /**
   * The beginning of the next stage: at least a millisecond after the present stage began, even if
   * clocks differ, because records compare milliseconds.
   */
  private static Instant after(Instant since, Instant now) {
    Instant next = since.plusMillis(1);
    return now.isAfter(next) ? now : next;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
