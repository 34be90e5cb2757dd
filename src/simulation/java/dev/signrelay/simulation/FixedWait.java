package dev.signrelay.simulation;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.GrantWindow;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.limit.SlidingWindowLimiter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * The simple alternative: a call is allowed if fewer than N were allowed in the last period. Any
 * other job tries again 60 s later, from the retry queue and without a reservation. Each try is one
 * request, and concurrent tries never conflict, which favours this alternative.
 */
final class FixedWait implements SharedLimit, RateLimiter {

  private static final Duration WAIT = Duration.ofSeconds(60);

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
  public RateLimiter limiter(int limit, Supplier<String> ids) {
    return this;
  }

  @Override
  public long requests() {
    return requests;
  }

  /** A grant for a call that begins now, or a carried wait: it is no grant, and is not claimed. */
  @Override
  public Answer acquire(GrantWindow window, Duration timeout) {
    latency.run();
    requests++;
    Instant now = time.instant();
    while (!granted.isEmpty()
        && !granted.element().plus(SlidingWindowLimiter.PERIOD).isAfter(now)) {
      granted.remove();
    }
    if (!window.from().isZero()) {
      return new Answer.Granted(grantFrom(now.plus(WAIT).plus(Grant.LEAD)));
    }
    if (granted.size() >= calls) {
      return new Answer.Refused(WAIT, WAIT);
    }
    granted.add(now);
    return new Answer.Granted(grantFrom(now));
  }

  private static Grant grantFrom(Instant from) {
    return new Grant("a call at " + from, from, from.plus(TOLERANCE));
  }

  /** The jobs in the queue carry a wait, and no grant: each has to try again. */
  @Override
  public boolean claim(Grant grant, Duration timeout) {
    return false;
  }

  @Override
  public LineStatus noteLine(long waiting, GrantWindow window, Duration timeout) {
    return new LineStatus(0, Duration.ZERO);
  }

  /** No job ever joins the line. */
  @Override
  public List<Grant> acquireForLine(int count, GrantWindow window, Duration timeout) {
    return List.of();
  }
}
