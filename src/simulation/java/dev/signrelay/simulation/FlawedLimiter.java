package dev.signrelay.simulation;

import dev.signrelay.app.Services;
import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A rate limiter that is used wrongly.
 *
 * @param failsOpen whether a grant is assumed if the limiter is unavailable
 * @param claimsAny whether every carried grant is used, by all copies of the job
 */
record FlawedLimiter(Services services, boolean failsOpen, boolean claimsAny)
    implements RateLimiter {

  @Override
  public Optional<Grant> acquire(Instant latest, Duration timeout) {
    try {
      return services.limiter().acquire(latest, timeout);
    } catch (LimiterUnavailableException e) {
      if (!failsOpen) {
        throw e;
      }
      Instant now = services.time().instant();
      return Optional.of(new Grant(services.ids().get(), now, now.plusSeconds(1)));
    }
  }

  @Override
  public boolean claim(Grant grant, Duration timeout) {
    return claimsAny || services.limiter().claim(grant, timeout);
  }
}
