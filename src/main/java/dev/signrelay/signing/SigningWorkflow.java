package dev.signrelay.signing;

import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningAttempt;
import dev.signrelay.job.SigningAttempt.Called;
import dev.signrelay.job.SigningAttempt.GrantedLater;
import dev.signrelay.job.SigningAttempt.Interrupted;
import dev.signrelay.job.SigningAttempt.LimiterUnavailable;
import dev.signrelay.job.SigningAttempt.NotGranted;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.time.TimeSource;
import dev.signrelay.upstream.Signer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Makes one attempt to sign: gets a grant, waits for it if it begins soon, and calls the upstream.
 * Without a grant the upstream is not called.
 *
 * @param maxGrantWait the longest wait for a grant within the function; a grant that begins later
 *     is returned, for the job to wait in the queue
 */
public record SigningWorkflow(
    RateLimiter limiter, Signer signer, TimeSource time, Duration maxGrantWait) {

  /** Attempts to sign a job's message. The job can wait for its grant, however late it begins. */
  public SigningAttempt attempt(NeedsSignature job, SigningTimeouts timeouts) {
    Grant grant;
    try {
      grant = grantFor(job, timeouts.limiterTimeout(time.instant()));
    } catch (LimiterUnavailableException e) {
      return new LimiterUnavailable(e);
    }
    return grant.wait(time.instant()).compareTo(maxGrantWait) > 0
        ? new GrantedLater(grant)
        : call(job.message(), grant, timeouts);
  }

  /**
   * Attempts to sign a message for which there is no job, and which therefore cannot wait. Takes no
   * grant that begins later than the longest wait.
   */
  public SigningAttempt attempt(String message, SigningTimeouts timeouts) {
    Instant now = time.instant();
    try {
      return limiter
          .acquire(now.plus(maxGrantWait), timeouts.limiterTimeout(now))
          .map(grant -> call(message, grant, timeouts))
          .orElseGet(NotGranted::new);
    } catch (LimiterUnavailableException e) {
      return new LimiterUnavailable(e);
    }
  }

  /** The grant that the job carries, unless it has expired or a copy of the job has claimed it. */
  private Grant grantFor(NeedsSignature job, Duration timeout) {
    return Optional.ofNullable(job.grant())
        .filter(carried -> !carried.isExpired(time.instant()) && limiter.claim(carried, timeout))
        .orElseGet(() -> limiter.acquire(timeout));
  }

  private SigningAttempt call(String message, Grant grant, SigningTimeouts timeouts) {
    if (!time.sleepUntil(grant.from())) {
      return new Interrupted();
    }
    Instant start = time.instant();
    SigningOutcome outcome = signer.sign(message, timeouts.upstreamTimeout(start), grant.until());
    return new Called(outcome, start, time.instant());
  }
}
