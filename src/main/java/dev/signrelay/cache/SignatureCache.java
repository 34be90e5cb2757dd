package dev.signrelay.cache;

import dev.signrelay.secret.SecretUnavailableException;
import java.time.Duration;
import java.time.Instant;

/**
 * The signatures that were obtained, for reuse, and the leases of the calls that are under way,
 * over all processes. Whoever holds the lease of a message makes the call for it; the others wait.
 * A lease ends with its time, so that a process that died holds nobody up.
 *
 * <p>Each method except {@link #prepare} throws {@link CacheUnavailableException} if the cache does
 * not answer in time. A write may have been applied.
 */
public interface SignatureCache {

  /** What the cache has for a message. */
  sealed interface Entry {

    /**
     * A signature that may be reused.
     *
     * @param age since it was obtained; not negative
     */
    record Reusable(String signature, Duration age) implements Entry {

      /** Omits the signature, which must not reach a log. */
      @Override
      public String toString() {
        return "Reusable";
      }
    }

    /** A lease that another caller holds. */
    record Leased() implements Entry {}

    /** Neither a signature that may be reused nor a lease. */
    record Vacant() implements Entry {}
  }

  /**
   * Gets what the other methods need.
   *
   * @param limit how long that may take
   * @throws SecretUnavailableException if it is unknown
   */
  void prepare(Duration limit);

  /**
   * Reads what the cache has for a message. What was written before is read.
   *
   * @param timeout limits the whole call
   */
  Entry read(String message, Duration timeout);

  /**
   * Takes the lease of a message, unless there is a signature or another caller holds the lease. Of
   * several callers, one takes it. A repetition by the same owner succeeds.
   *
   * @param owner a text that is unique to the caller
   * @param until when the lease ends
   * @param timeout limits the whole call
   * @return {@link Entry.Vacant} if the caller now holds the lease; otherwise what prevented it
   */
  Entry lease(String message, String owner, Instant until, Duration timeout);

  /**
   * Stores a signature and ends the lease, whoever holds it: all callers can now reuse the
   * signature.
   *
   * @param signedAt when the signature was obtained
   * @param timeout limits the whole call
   */
  void store(String message, String signature, Instant signedAt, Duration timeout);

  /**
   * Ends the lease of a message without a signature. Does nothing if the owner does not hold it.
   *
   * @param timeout limits the whole call
   */
  void release(String message, String owner, Duration timeout);

  /** The cache did not answer in time. */
  final class CacheUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CacheUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
