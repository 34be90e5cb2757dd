package dev.signrelay.testing;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.GrantWindow;
import dev.signrelay.limit.RateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A rate limiter whose next grant begins after a configured wait. */
public final class FakeRateLimiter implements RateLimiter {

  public static final Duration VALIDITY = Duration.ofSeconds(1);

  public final List<Duration> timeouts = new CopyOnWriteArrayList<>();

  /** The windows in which grants were requested. */
  public final List<GrantWindow> windows = new CopyOnWriteArrayList<>();

  /** The numbers of waiting jobs that were noted. */
  public final List<Long> noted = new CopyOnWriteArrayList<>();

  /** Until the next grant begins. */
  public Duration wait = Duration.ZERO;

  /** The expected wait of a job that joins the line. */
  public Duration expectedWait = Duration.ofMinutes(7);

  /** How many grants are free for jobs in line. */
  public int free = Integer.MAX_VALUE;

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
    return new Grant(id, from, from.plus(VALIDITY));
  }

  @Override
  public Answer acquire(GrantWindow window, Duration timeout) {
    requireUp(timeout);
    windows.add(window);
    return wait.compareTo(window.from()) < 0 && !window.from().isZero()
            || wait.compareTo(window.to()) > 0
        ? new Answer.Refused(wait, expectedWait)
        : new Answer.Granted(next());
  }

  private Grant next() {
    return grant("grant-" + acquired.incrementAndGet(), clock.instant().plus(wait));
  }

  @Override
  public boolean claim(Grant grant, Duration timeout) {
    requireUp(timeout);
    duringClaim.run();
    return claimed.add(grant.id());
  }

  @Override
  public LineStatus noteLine(long waiting, GrantWindow window, Duration timeout) {
    requireUp(timeout);
    noted.add(waiting);
    return new LineStatus(free, expectedWait);
  }

  @Override
  public synchronized List<Grant> acquireForLine(int count, GrantWindow window, Duration timeout) {
    requireUp(timeout);
    windows.add(window);
    int given = Math.min(count, free);
    free -= given;
    return Stream.generate(this::next).limit(given).toList();
  }

  private void requireUp(Duration timeout) {
    timeouts.add(timeout);
    if (isDown) {
      throw new LimiterUnavailableException("the limiter is down", new IllegalStateException());
    }
  }
}
