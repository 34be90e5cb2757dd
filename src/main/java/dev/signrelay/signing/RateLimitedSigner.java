package dev.signrelay.signing;

import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.GrantedLater;
import dev.signrelay.job.SigningResult.Interrupted;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.time.TimeSource;
import dev.signrelay.upstream.Signer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Makes one attempt to sign: acquires a grant, waits for it if it begins soon, and calls the
 * upstream. Without a grant the upstream is not called.
 *
 * @param maxGrantWait the longest wait for a grant within the function; a job whose grant begins
 *     later waits in the queue
 */
public record RateLimitedSigner(
    RateLimiter limiter, Signer signer, TimeSource time, Duration maxGrantWait) {

  /** Attempts to sign a job's message. The job can wait for its grant, however late it begins. */
  public Signing attempt(NeedsSignature job, SigningTimeouts timeouts) {
    return Signing.of(job, resultOf(job, timeouts));
  }

  /**
   * Attempts to sign the message of a request without a job, which therefore cannot wait. Takes no
   * grant that begins later than the longest wait.
   */
  public Signing attempt(String id, String message, SigningTimeouts timeouts) {
    return new Signing(id, message, 1, null, resultOf(message, timeouts));
  }

  private SigningResult resultOf(NeedsSignature job, SigningTimeouts timeouts) {
    Instant now = time.instant();
    Grant grant;
    try {
      grant = grantFor(job, now.plus(timeouts.limiter(now)));
    } catch (LimiterUnavailableException e) {
      return new LimiterUnavailable(e);
    }
    Duration wait = grant.wait(time.instant());
    return wait.compareTo(maxGrantWait) > 0
        ? new GrantedLater(grant, wait)
        : call(job.message(), grant, timeouts);
  }

  /** The grant that the job carries, unless it has expired or a copy of the job has claimed it. */
  private Grant grantFor(NeedsSignature job, Instant deadline) {
    return Optional.ofNullable(job.grant())
        .filter(
            carried ->
                !carried.isExpired(time.instant()) && limiter.claim(carried, time.until(deadline)))
        .orElseGet(() -> limiter.acquire(time.until(deadline)));
  }

  private SigningResult resultOf(String message, SigningTimeouts timeouts) {
    Instant now = time.instant();
    try {
      return limiter
          .acquire(now.plus(maxGrantWait), timeouts.limiter(now))
          .map(grant -> call(message, grant, timeouts))
          .orElseGet(NotGranted::new);
    } catch (LimiterUnavailableException e) {
      return new LimiterUnavailable(e);
    }
  }

  private SigningResult call(String message, Grant grant, SigningTimeouts timeouts) {
    if (!time.sleepUntil(grant.from())) {
      return new Interrupted();
    }
    Instant start = time.instant();
    SigningOutcome outcome = signer.sign(message, timeouts.upstream(start), grant.until());
    return new Called(outcome, start, time.instant());
  }
}
