package dev.signrelay.simulation;

import dev.signrelay.app.Services;
import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A rate limiter that is used wrongly.
 *
 * @param failsOpen whether a grant is assumed if the limiter is unavailable
 * @param takesTwice whether grants for the line are taken twice
 * @param least the least number of jobs in line that is noted
 */
record FlawedLimiter(Services services, boolean failsOpen, boolean takesTwice, long least)
    implements RateLimiter {

  @Override
  public Answer acquire(Duration wait, Duration timeout) {
    try {
      return services.limiter().acquire(wait, timeout);
    } catch (LimiterUnavailableException e) {
      if (!failsOpen) {
        throw e;
      }
      Instant now = services.time().instant();
      return new Answer.Granted(new Grant(services.newId(), now, now.plusSeconds(1)));
    }
  }

  @Override
  public void noteJoined(Duration timeout) {
    services.limiter().noteJoined(timeout);
  }

  @Override
  public FreeCalls freeCalls(Duration wait, Duration timeout) {
    return services.limiter().freeCalls(wait, timeout);
  }

  @Override
  public List<Grant> acquireForLine(int count, Duration wait, Duration timeout) {
    if (takesTwice) {
      var _ = services.limiter().acquireForLine(count, wait, timeout);
    }
    return services.limiter().acquireForLine(count, wait, timeout);
  }

  @Override
  public Duration noteLine(long waiting, Duration timeout) {
    return services.limiter().noteLine(Math.max(least, waiting), timeout);
  }

  @Override
  public Instant noteEmpty(Instant noted, Duration timeout) {
    return least > 0 ? noted : services.limiter().noteEmpty(noted, timeout);
  }

  @Override
  public Instant lastNote() {
    return services.limiter().lastNote();
  }

  @Override
  public boolean refusesClock() {
    return services.limiter().refusesClock();
  }
}
