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
 * One call for one message: reuses a signature that was obtained before, and waits while another
 * attempt calls the upstream for the same message. Otherwise another signer makes the attempt, also
 * if the cache fails.
 *
 * @param signer makes an attempt with a call
 * @param ids returns a new unique text each time
 * @param log receives failures of the cache, one for each attempt
 */
public record CachingSigner(
    JobSigner signer, JobTable table, TimeSource time, Supplier<String> ids, EventLog log)
    implements JobSigner {

  /** The first pause between two looks while another call is under way. Each is longer by half. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private static final Duration LONGEST_PAUSE = Duration.ofMillis(300);

  /** A job that would wait longer waits in its queue, and other jobs can use the function. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

  @Override
  public SigningResult attempt(String id, String message, SigningTimeouts timeouts) {
    if (!timeouts.allowCall(time.instant())) {
      return new OutOfTime();
    }
    try {
      table.prepareSignatures(timeouts.limiter(time.instant()));
    } catch (SecretUnavailableException _) {
      // A call needs the same key.
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
        // The lease may have been taken.
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

  /** False if the time is over. */
  private boolean sleep(Duration pause, Instant lastLook) {
    Instant now = time.instant();
    Instant end = now.plus(pause);
    return now.isBefore(lastLook) && time.sleepUntil(end.isBefore(lastLook) ? end : lastLook);
  }

  /**
   * Makes the call of the lease's holder. Then stores the signature or ends the lease.
   *
   * @param isLogged whether a failure of the cache is in the log already
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
      // The lease ends with its time.
      if (!isLogged) {
        log.write(FailureEvents.cacheUnavailable(id, e));
      }
    }
    return result;
  }
}
