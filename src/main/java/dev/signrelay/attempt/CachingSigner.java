package dev.signrelay.attempt;

import dev.signrelay.aws.Table.TableUnavailableException;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.CallUnderWay;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.jobrecord.CacheEntry;
import dev.signrelay.jobrecord.CacheEntry.Leased;
import dev.signrelay.jobrecord.CacheEntry.Reusable;
import dev.signrelay.jobrecord.CacheEntry.Vacant;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Reuses a signature that was obtained before for the message, and waits while another attempt
 * calls the upstream for it. Otherwise, or if the cache fails, another signer makes the attempt.
 *
 * @param signer makes attempts that call the upstream
 * @param ids returns a new unique text each time
 * @param log receives failures of the cache, at most one for each attempt
 */
public record CachingSigner(
    JobSigner signer, JobTable table, TimeSource time, Supplier<String> ids, EventLog log)
    implements JobSigner {

  /** The first pause while another call is under way. Each further pause is half as long again. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private static final Duration LONGEST_PAUSE = Duration.ofMillis(300);

  /** A job that would wait longer waits in its queue, where it does not occupy the function. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

  @Override
  public SigningResult attempt(String id, String message, SigningTimeouts timeouts) {
    if (!timeouts.allowCall(time.instant())) {
      return new OutOfTime();
    }
    try {
      table.prepareSignatures(timeouts.limiter(time.instant()));
    } catch (SecretUnavailableException _) {
      // A call needs the same key: the other signer reports that it is missing.
      return signer.attempt(id, message, timeouts);
    }
    String owner = ids.get();
    Instant lastLook = lastLook(timeouts);
    Duration pause = FIRST_PAUSE;
    while (true) {
      CacheEntry entry;
      Instant now = time.instant();
      try {
        entry = table.leaseSignature(message, owner, timeouts.leaseEnd(now), timeouts.cache(now));
      } catch (TableUnavailableException e) {
        log.write(FailureEvents.cacheUnavailable(id, e));
        // The request may have taken the lease.
        return callAndStore(id, message, owner, timeouts, true);
      }
      switch (entry) {
        case Vacant _ -> {
          return callAndStore(id, message, owner, timeouts, false);
        }
        case Reusable(String signature, Duration age) -> {
          return new Reused(signature, age);
        }
        case Leased _ -> {
          if (!sleep(pause, lastLook)) {
            return new CallUnderWay();
          }
          pause = TimeSource.shorter(pause.multipliedBy(3).dividedBy(2), LONGEST_PAUSE);
        }
      }
    }
  }

  private Instant lastLook(SigningTimeouts timeouts) {
    Instant longest = time.instant().plus(LONGEST_WAIT);
    Instant end = timeouts.beforeStore().deadline();
    return longest.isBefore(end) ? longest : end;
  }

  /** Returns false if {@code lastLook} has passed, or if the thread is interrupted. */
  private boolean sleep(Duration pause, Instant lastLook) {
    Instant now = time.instant();
    Instant end = now.plus(pause);
    return now.isBefore(lastLook) && time.sleepUntil(end.isBefore(lastLook) ? end : lastLook);
  }

  /**
   * Makes the attempt, then stores its signature, or ends the lease if there is none.
   *
   * @param isLogged whether this attempt has already logged a failure of the cache
   */
  private SigningResult callAndStore(
      String id, String message, String owner, SigningTimeouts timeouts, boolean isLogged) {
    SigningResult result = signer.attempt(id, message, timeouts.beforeStore());
    Duration timeout = timeouts.cache(time.instant());
    try {
      if (result instanceof Called(Signed(String signature), _, Instant signedAt)) {
        table.storeSignature(message, signature, signedAt, timeout);
      } else {
        table.releaseSignature(message, owner, timeout);
      }
    } catch (TableUnavailableException e) {
      // The lease ends by itself.
      if (!isLogged) {
        log.write(FailureEvents.cacheUnavailable(id, e));
      }
    }
    return result;
  }
}
