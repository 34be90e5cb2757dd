package dev.signrelay.simulation;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.limit.SlidingWindowLimiter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * The plain alternative: a call may be made if fewer than N were granted in the last period, the
 * same one as ours; who may not asks again 60 s later, and nothing is kept for him. Each asking is
 * one request. This is generous: two who ask at once never get into each other's way.
 */
final class FixedWait implements SharedLimit, RateLimiter {

  private static final Duration WAIT = Duration.ofSeconds(60);

  /** A job comes out of the queue that long before its grant. */
  private static final Duration LEAD = Duration.ofSeconds(3);

  private static final Duration TOLERANCE = Duration.ofSeconds(1);

  private final int calls;
  private final VirtualTime time;
  private final Runnable latency;
  private final Queue<Instant> granted = new ArrayDeque<>();
  private long requests;

  FixedWait(int calls, VirtualTime time, Runnable latency) {
    this.calls = calls;
    this.time = time;
    this.latency = latency;
  }

  @Override
  public RateLimiter limiter(Supplier<String> ids) {
    return this;
  }

  @Override
  public long requests() {
    return requests;
  }

  @Override
  public Optional<Grant> acquire(Instant latest, Duration timeout) {
    latency.run();
    requests++;
    Instant now = time.instant();
    while (!granted.isEmpty()
        && !granted.element().plus(SlidingWindowLimiter.PERIOD).isAfter(now)) {
      granted.remove();
    }
    boolean free = granted.size() < calls;
    if (free) {
      granted.add(now);
    }
    return Optional.of(grantFrom(free ? now : now.plus(WAIT).plus(LEAD)))
        .filter(grant -> !grant.from().isAfter(latest));
  }

  private static Grant grantFrom(Instant from) {
    return new Grant("a call at " + from, from, from.plus(TOLERANCE));
  }

  /** What is carried through the queue is a wait and no grant: who comes back asks. */
  @Override
  public boolean claim(Grant grant, Duration timeout) {
    return false;
  }
}
