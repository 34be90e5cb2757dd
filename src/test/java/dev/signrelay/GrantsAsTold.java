package dev.signrelay;

import dev.signrelay.limit.Grant;
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

/** A limiter whose next grant is as far away as a test says. */
final class GrantsAsTold implements RateLimiter {

  static final Duration TOLERANCE = Duration.ofSeconds(1);

  final List<Duration> timeouts = new CopyOnWriteArrayList<>();
  Duration wait = Duration.ZERO;
  boolean isDown;
  boolean prepared;

  private final InstantSource clock;
  private final AtomicInteger given = new AtomicInteger();
  private final Set<String> redeemed = ConcurrentHashMap.newKeySet();

  GrantsAsTold(InstantSource clock) {
    this.clock = clock;
  }

  /** How many grants were given. */
  int given() {
    return given.get();
  }

  /** How many grants that were carried through a queue were used. */
  int redeemed() {
    return redeemed.size();
  }

  static Grant grant(String id, Instant from) {
    return new Grant(id, from, from.plus(TOLERANCE));
  }

  @Override
  public Optional<Grant> ask(Instant latest, Duration timeout) {
    requireUp(timeout);
    Instant from = clock.instant().plus(wait);
    return from.isAfter(latest)
        ? Optional.empty()
        : Optional.of(grant("grant-" + given.incrementAndGet(), from));
  }

  @Override
  public boolean redeem(Grant grant, Duration timeout) {
    requireUp(timeout);
    return redeemed.add(grant.id());
  }

  private void requireUp(Duration timeout) {
    timeouts.add(timeout);
    if (isDown) {
      throw new LimiterUnavailableException("the limiter is down", new IllegalStateException());
    }
  }

  @Override
  public void prepare() {
    prepared = true;
  }
}
