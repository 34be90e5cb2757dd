package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.ScriptedStore.NoAnswerException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks the results of a limiter. */
final class ObservedLimiter implements RateLimiter {

  private final RateLimiter limiter;
  private final InstantSource clock;
  private final List<String> broken = new ArrayList<>();
  private @Nullable Grant last;

  ObservedLimiter(RateLimiter limiter, InstantSource clock) {
    this.limiter = limiter;
    this.clock = clock;
  }

  /** The invariants that were broken. */
  List<String> broken() {
    return broken;
  }

  /** The last grant that was acquired or claimed; null if there is none. */
  @Nullable Grant last() {
    return last;
  }

  @Override
  public Optional<Grant> acquire(Instant latest, Duration timeout) {
    try {
      Optional<Grant> granted = limiter.acquire(latest, timeout);
      granted.ifPresent(grant -> checkGrant(grant, latest));
      return granted;
    } catch (LimiterUnavailableException e) {
      throw checked(e);
    }
  }

  @Override
  public boolean claim(Grant grant, Duration timeout) {
    try {
      boolean claimed = limiter.claim(grant, timeout);
      last = claimed ? grant : last;
      return claimed;
    } catch (LimiterUnavailableException e) {
      throw checked(e);
    }
  }

  private void checkGrant(Grant grant, Instant latest) {
    last = grant;
    if (grant.from().isAfter(latest) && grant.from().isAfter(clock.instant())) {
      broken.add("%s begins after %s, the latest allowed time".formatted(grant, latest));
    }
  }

  /** The limiter may be unavailable only if the store is. */
  private LimiterUnavailableException checked(LimiterUnavailableException e) {
    if (!(e.getCause().getCause() instanceof NoAnswerException)) {
      broken.add("the limiter fails: " + e.getCause());
    }
    return e;
  }
}
