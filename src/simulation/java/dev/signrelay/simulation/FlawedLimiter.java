package dev.signrelay.simulation;

import dev.signrelay.app.Services;
import dev.signrelay.job.Grant;
import dev.signrelay.limit.GrantWindow;
import dev.signrelay.limit.RateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A rate limiter that is used wrongly.
 *
 * @param failsOpen whether a grant is assumed if the limiter is unavailable
 * @param claimsAny whether every carried grant is used, by all copies of the job
 * @param change is applied to each window
 */
record FlawedLimiter(
    Services services, boolean failsOpen, boolean claimsAny, UnaryOperator<GrantWindow> change)
    implements RateLimiter {

  @Override
  public Answer acquire(GrantWindow window, Duration timeout) {
    try {
      return services.limiter().acquire(change.apply(window), timeout);
    } catch (LimiterUnavailableException e) {
      if (!failsOpen) {
        throw e;
      }
      Instant now = services.time().instant();
      return new Answer.Granted(new Grant(services.ids().get(), now, now.plusSeconds(1)));
    }
  }

  @Override
  public boolean claim(Grant grant, Duration timeout) {
    return claimsAny || services.limiter().claim(grant, timeout);
  }

  @Override
  public LineStatus noteLine(long waiting, GrantWindow window, Duration timeout) {
    return services.limiter().noteLine(waiting, change.apply(window), timeout);
  }

  @Override
  public List<Grant> acquireForLine(int count, GrantWindow window, Duration timeout) {
    return services.limiter().acquireForLine(count, change.apply(window), timeout);
  }
}
