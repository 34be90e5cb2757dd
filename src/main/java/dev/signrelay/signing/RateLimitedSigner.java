package dev.signrelay.signing;

import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.GrantExpired;
import dev.signrelay.job.SigningResult.GrantSoon;
import dev.signrelay.job.SigningResult.GrantedLater;
import dev.signrelay.job.SigningResult.KeyUnavailable;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.limit.GrantWindow;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.limit.RateLimiter.Answer;
import dev.signrelay.limit.RateLimiter.Answer.Granted;
import dev.signrelay.limit.RateLimiter.Answer.Refused;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.time.TimeSource;
import dev.signrelay.upstream.Signer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes one attempt to sign: acquires a grant, waits for it if it begins soon, and calls the
 * upstream. Without a grant the upstream is not called.
 *
 * @param maxGrantWait the longest wait for a grant within the function; a job whose grant begins
 *     later waits in a queue
 */
public record RateLimitedSigner(
    RateLimiter limiter, Signer signer, TimeSource time, Duration maxGrantWait)
    implements JobSigner {

  /**
   * How long before its grant a call begins to connect. A connection that takes longer to establish
   * than the grant is valid would otherwise never be in time.
   */
  private static final Duration CONNECT_AHEAD = Duration.ofSeconds(2);

  /** The job can wait in a queue for a grant that is near. */
  @Override
  public Signing attempt(NeedsSignature job, SigningTimeouts timeouts) {
    return Signing.of(job, within(timeouts, deadline -> resultOf(job, deadline, timeouts)));
  }

  /** Takes no grant that begins later than the longest wait. */
  @Override
  public Signing attempt(String id, String message, SigningTimeouts timeouts) {
    return new Signing(
        id,
        "",
        1,
        null,
        within(timeouts, deadline -> use(acquireNow(deadline), message, timeouts)));
  }

  private SigningResult within(SigningTimeouts timeouts, Function<Instant, SigningResult> attempt) {
    Instant start = time.instant();
    if (!timeouts.allowCall(start)) {
      return new OutOfTime();
    }
    try {
      // Before a grant is taken: one that is not used is lost.
      signer.prepare(timeouts.limiter(start));
    } catch (SecretUnavailableException _) {
      return new KeyUnavailable();
    }
    Instant now = time.instant();
    if (!timeouts.allowCall(now)) {
      return new OutOfTime();
    }
    try {
      return attempt.apply(now.plus(timeouts.limiter(now)));
    } catch (LimiterUnavailableException e) {
      return new LimiterUnavailable(e);
    }
  }

  private SigningResult resultOf(NeedsSignature job, Instant deadline, SigningTimeouts timeouts) {
    Grant carried = job.grant();
    if (carried != null && isClaimed(carried, deadline)) {
      return use(carried, job.message(), timeouts);
    }
    // After a miss there must be time to connect before the grant, so it is not for now.
    if (job.misses() == 0) {
      switch (acquire(job, GrantWindow.within(maxGrantWait), deadline)) {
        case Granted(Grant grant) -> {
          return use(grant, job.message(), timeouts);
        }
        case Refused(Duration nextIn, _) when nextIn.compareTo(Grant.LEAD) < 0 -> {
          // Taking a later grant would delay this one, for all jobs.
          return new GrantSoon(nextIn);
        }
        case Refused _ -> {}
      }
    }
    // A job that had its turn keeps its place: its grant may be as far ahead as those of the line.
    GrantWindow later = job.hadItsTurn() ? GrantWindow.AHEAD : GrantWindow.NEAR;
    return use(acquire(job, later, deadline), job.message(), timeouts);
  }

  /** A grant that begins when the job has expired would be lost: it is not taken. */
  private Answer acquire(NeedsSignature job, GrantWindow window, Instant deadline) {
    Instant end = job.acceptance().validUntil();
    Optional<GrantWindow> useful =
        end == null
            ? Optional.of(window)
            : window.upTo(time.until(end).minus(SigningTimeouts.MIN_TIME));
    return useful.isEmpty()
        ? new Refused(Grant.LEAD, time.until(end))
        : limiter.acquire(useful.get(), time.until(deadline));
  }

  /** False if the grant has expired or a copy of the job has claimed it. */
  private boolean isClaimed(Grant carried, Instant deadline) {
    return !carried.isExpired(time.instant()) && limiter.claim(carried, time.until(deadline));
  }

  private Answer acquireNow(Instant deadline) {
    return limiter.acquire(GrantWindow.within(maxGrantWait), time.until(deadline));
  }

  private SigningResult use(Answer answer, String message, SigningTimeouts timeouts) {
    return switch (answer) {
      case Granted(Grant grant) -> use(grant, message, timeouts);
      case Refused(_, Duration expectedWait) -> new NotGranted(expectedWait);
    };
  }

  private SigningResult use(Grant grant, String message, SigningTimeouts timeouts) {
    Instant now = time.instant();
    Duration wait = grant.wait(now);
    if (wait.compareTo(maxGrantWait) > 0 && !isWorthWaiting(grant, wait, timeouts)) {
      return new GrantedLater(grant, wait);
    }
    if (grant.isExpired(now)
        || !timeouts.allowCall(laterOf(grant.from(), now))
        || !time.sleepUntil(grant.from().minus(CONNECT_AHEAD))) {
      return new GrantExpired();
    }
    Instant start = laterOf(grant.from(), time.instant());
    Optional<SigningOutcome> outcome =
        signer.sign(message, timeouts.upstream(time.instant(), grant), grant);
    return outcome.isPresent()
        ? new Called(outcome.get(), start, laterOf(start, time.instant()))
        : new GrantExpired();
  }

  /**
   * After a slow answer the limiter expects the next one to be slow, and gives a grant that begins
   * later than this function usually waits. It cannot pass through a queue in time.
   */
  private static boolean isWorthWaiting(Grant grant, Duration wait, SigningTimeouts timeouts) {
    return wait.compareTo(Grant.LEAD) < 0 && timeouts.allowCall(grant.from());
  }

  private static Instant laterOf(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }
}
