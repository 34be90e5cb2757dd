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
 * The simple alternative: a call is allowed if fewer than N were allowed in the last period. Any
 * other job tries again 60 s later, without a reservation. Each try is one request, and concurrent
 * tries never conflict, which favours this alternative.
 */
final class FixedWait implements SharedLimit, RateLimiter {

  private static final Duration WAIT = Duration.ofSeconds(60);

  /** How long before its grant a job leaves the queue. */
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

  /** The jobs in the queue carry a wait, and no grant: each has to try again. */
  @Override
  public boolean claim(Grant grant, Duration timeout) {
    return false;
  }
}
