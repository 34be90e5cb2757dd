package dev.signrelay.testing;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A rate limiter whose next grant begins after a configured wait. */
public final class FakeRateLimiter implements RateLimiter {

  public static final Duration TOLERANCE = Duration.ofSeconds(1);

  public final List<Duration> timeouts = new CopyOnWriteArrayList<>();
  public Duration wait = Duration.ZERO;
  public boolean isDown;

  /** Runs during each claim. */
  public Runnable duringClaim = () -> {};

  private final InstantSource clock;
  private final AtomicInteger acquired = new AtomicInteger();
  private final Set<String> claimed = ConcurrentHashMap.newKeySet();

  public FakeRateLimiter(InstantSource clock) {
    this.clock = clock;
  }

  /** The number of grants acquired. */
  public int acquired() {
    return acquired.get();
  }

  /** The number of grants that were carried through a queue and claimed. */
  public int claimed() {
    return claimed.size();
  }

  public static Grant grant(String id, Instant from) {
    return new Grant(id, from, from.plus(TOLERANCE));
  }

  @Override
  public Optional<Grant> acquire(Instant latest, Duration timeout) {
    requireUp(timeout);
    Instant from = clock.instant().plus(wait);
    return from.isAfter(latest)
        ? Optional.empty()
        : Optional.of(grant("grant-" + acquired.incrementAndGet(), from));
  }

  @Override
  public boolean claim(Grant grant, Duration timeout) {
    requireUp(timeout);
    duringClaim.run();
    return claimed.add(grant.id());
  }

  private void requireUp(Duration timeout) {
    timeouts.add(timeout);
    if (isDown) {
      throw new LimiterUnavailableException("the limiter is down", new IllegalStateException());
    }
  }
}
