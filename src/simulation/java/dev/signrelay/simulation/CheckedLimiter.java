package dev.signrelay.simulation;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.GrantWindow;
import dev.signrelay.limit.RateLimiter;
import java.time.Duration;
import java.util.List;

/** A limiter whose refused claims are checked. */
record CheckedLimiter(RateLimiter limiter, InvariantChecker invariants) implements RateLimiter {

  @Override
  public Answer acquire(GrantWindow window, Duration timeout) {
    return limiter.acquire(window, timeout);
  }

  @Override
  public boolean claim(Grant grant, Duration timeout) {
    invariants.claims(grant);
    boolean claimed = limiter.claim(grant, timeout);
    if (!claimed) {
      invariants.refusesClaim(grant);
    }
    return claimed;
  }

  @Override
  public LineStatus noteLine(long waiting, GrantWindow window, Duration timeout) {
    return limiter.noteLine(waiting, window, timeout);
  }

  @Override
  public List<Grant> acquireForLine(int count, GrantWindow window, Duration timeout) {
    return limiter.acquireForLine(count, window, timeout);
  }
}
