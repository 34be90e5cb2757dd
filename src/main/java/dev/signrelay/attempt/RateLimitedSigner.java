package dev.signrelay.attempt;

import dev.signrelay.job.Grant;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.GrantExpired;
import dev.signrelay.job.SigningResult.KeyUnavailable;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.limit.RateLimiter.GrantAnswer.Granted;
import dev.signrelay.limit.RateLimiter.GrantAnswer.Refused;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.limit.RateLimiter.LineWait;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.time.TimeSource;
import dev.signrelay.upstream.Signer;
import java.time.Instant;
import java.util.Optional;

/**
 * Makes one attempt to sign: takes a grant, waits for its beginning, and calls the upstream.
 * Without a grant the upstream is not called.
 */
public record RateLimitedSigner(CallSource calls, Signer signer, TimeSource time)
    implements JobSigner {

  @Override
  public SigningResult attempt(String id, String message, SigningTimeouts timeouts) {
    Instant start = time.instant();
    if (!timeouts.allowCall(start)) {
      return new OutOfTime();
    }
    try {
      // Before a grant is taken, because an unused grant is lost.
      signer.prepare(timeouts.limiter(start));
    } catch (SecretUnavailableException _) {
      return new KeyUnavailable();
    }
    Instant now = time.instant();
    if (!timeouts.allowCall(now)) {
      return new OutOfTime();
    }
    try {
      return switch (calls.acquire(timeouts.limiter(now))) {
        case Granted(Grant grant) -> call(message, grant, timeouts);
        case Refused(LineWait line) -> new NotGranted(line.expected(), line.isKnown());
      };
    } catch (LimiterUnavailableException e) {
      return new LimiterUnavailable(e);
    }
  }

  private SigningResult call(String message, Grant grant, SigningTimeouts timeouts) {
    Instant now = time.instant();
    Instant start = later(grant.from(), now);
    if (grant.isExpired(now) || !timeouts.allowCall(start)) {
      return new GrantExpired();
    }
    // Connects at once, so that the request can be sent when the grant begins.
    Optional<SigningOutcome> outcome = signer.sign(message, timeouts.upstream(now, start), grant);
    return outcome.isPresent()
        ? new Called(outcome.get(), start, later(start, time.instant()))
        : new GrantExpired();
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }
}
