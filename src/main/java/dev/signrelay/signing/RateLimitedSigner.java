package dev.signrelay.signing;

import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.GrantExpired;
import dev.signrelay.job.SigningResult.GrantedLater;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.limit.GrantWindow;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.limit.RateLimiter.Answer;
import dev.signrelay.limit.RateLimiter.Answer.Granted;
import dev.signrelay.limit.RateLimiter.Answer.Refused;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.time.TimeSource;
import dev.signrelay.upstream.Signer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes one attempt to sign: acquires a grant, waits for it if it begins soon, and calls the
 * upstream. Without a grant the upstream is not called.
 *
 * @param maxGrantWait the longest wait for a grant within the function; a job whose grant begins
 *     later waits in a queue
 */
public record RateLimitedSigner(
    RateLimiter limiter, Signer signer, TimeSource time, Duration maxGrantWait) {

  /**
   * How long before its grant a call begins to connect. A connection that takes longer to establish
   * than the grant is valid would otherwise never be in time.
   */
  private static final Duration CONNECT_AHEAD = Duration.ofSeconds(2);

  /** Attempts to sign a job's message. The job can wait in a queue for a grant that is near. */
  public Signing attempt(NeedsSignature job, SigningTimeouts timeouts) {
    return Signing.of(job, resultOf(job.message(), job, timeouts));
  }

  /**
   * Attempts to sign the message of a request without a job, which therefore cannot wait. Takes no
   * grant that begins later than the longest wait.
   */
  public Signing attempt(String id, String message, SigningTimeouts timeouts) {
    return new Signing(id, message, 1, null, resultOf(message, null, timeouts));
  }

  private SigningResult resultOf(
      String message, @Nullable NeedsSignature job, SigningTimeouts timeouts) {
    Instant now = time.instant();
    if (!timeouts.allowCall(now)) {
      return new OutOfTime();
    }
    try {
      Instant deadline = now.plus(timeouts.limiter(now));
      Optional<Grant> claimed = job == null ? Optional.empty() : claimed(job, deadline);
      Answer answer = claimed.<Answer>map(Granted::new).orElseGet(() -> acquired(job, deadline));
      return switch (answer) {
        case Refused(_, Duration expectedWait) -> new NotGranted(expectedWait);
        case Granted(Grant grant) -> use(grant, message, timeouts);
      };
    } catch (LimiterUnavailableException e) {
      return new LimiterUnavailable(e);
    }
  }

  /** The grant that the job carries, unless it has expired or a copy of the job has claimed it. */
  private Optional<Grant> claimed(NeedsSignature job, Instant deadline) {
    return Optional.ofNullable(job.grant())
        .filter(
            carried ->
                !carried.isExpired(time.instant()) && limiter.claim(carried, time.until(deadline)));
  }

  /**
   * A grant that can be used at once or soon. After a miss there must be time to connect before it,
   * so it is not for now.
   */
  private Answer acquired(@Nullable NeedsSignature job, Instant deadline) {
    boolean missed = job != null && job.misses() > 0;
    Answer atOnce =
        missed
            ? new Refused(Grant.LEAD, Grant.LEAD)
            : limiter.acquire(GrantWindow.within(maxGrantWait), time.until(deadline));
    if (job == null || atOnce instanceof Granted) {
      return atOnce;
    }
    if (atOnce instanceof Refused(Duration nextIn, _) && nextIn.compareTo(Grant.LEAD) < 0) {
      // A later grant would put off this one, for everybody. RetryFunction can wait for this one.
      return new Refused(nextIn, nextIn);
    }
    // A job that had its turn keeps its place: its grant may be as far ahead as those of the line.
    GrantWindow later = job.hadItsTurn() ? GrantWindow.AHEAD : GrantWindow.NEAR;
    return limiter.acquire(later, time.until(deadline));
  }

  private SigningResult use(Grant grant, String message, SigningTimeouts timeouts) {
    Instant now = time.instant();
    Duration wait = grant.wait(now);
    if (wait.compareTo(maxGrantWait) > 0) {
      return new GrantedLater(grant, wait);
    }
    if (grant.isExpired(now) || !time.sleepUntil(grant.from().minus(CONNECT_AHEAD))) {
      return new GrantExpired();
    }
    Instant start = laterOf(grant.from(), time.instant());
    Optional<SigningOutcome> outcome =
        signer.sign(message, timeouts.upstream(time.instant(), grant), grant);
    return outcome.isPresent()
        ? new Called(outcome.get(), start, laterOf(start, time.instant()))
        : new GrantExpired();
  }

  private static Instant laterOf(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }
}
