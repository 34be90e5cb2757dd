package dev.signrelay.testing;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A rate limiter whose next grant begins after a configured wait, or at a configured time. */
public final class FakeRateLimiter implements RateLimiter {

  public static final Duration VALIDITY = Duration.ofSeconds(1);

  public final List<Duration> timeouts = new CopyOnWriteArrayList<>();

  /** The longest waits for the grants that were requested. */
  public final List<Duration> waits = new CopyOnWriteArrayList<>();

  /** The sizes of the requests for jobs in line. */
  public final List<Integer> requested = new CopyOnWriteArrayList<>();

  /** The numbers of waiting jobs that were noted. */
  public final List<Long> noted = new CopyOnWriteArrayList<>();

  /** The number of jobs that were sent into the line. */
  public int joined;

  /** Until the next grant begins, whenever it is requested. */
  public Duration wait = Duration.ZERO;

  /** Before which no grant begins. */
  public Instant next = Instant.MIN;

  /** The expected wait of a job that joins the line. */
  public Duration expectedWait = Duration.ofMinutes(7);

  /** Whether a drain run has noted the length of the line. */
  public boolean lineIsKnown = true;

  /** How many calls are free for jobs in line. */
  public int free = Integer.MAX_VALUE;

  /** When another run noted the line. */
  public Instant lastNote = Instant.MIN;

  public boolean isDown;

  public boolean refusesClock;

  /** Runs before each request for grants of jobs in line. */
  public Runnable beforeGrants = () -> {};

  private final InstantSource clock;
  private final AtomicInteger acquired = new AtomicInteger();

  public FakeRateLimiter(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Instant noteEmpty(Instant last, Duration timeout) {
    if (!noted.isEmpty() && noted.getLast() > 0) {
      noted.add(0L);
    }
    return last;
  }

  @Override
  public void noteJoined(int jobs, Duration timeout) {
    joined += jobs;
  }

  /** The number of grants acquired. */
  public int acquired() {
    return acquired.get();
  }

  public static Grant grant(String id, Instant from) {
    return new Grant(id, from, from.plus(VALIDITY));
  }

  @Override
  public GrantAnswer acquire(Duration longest, Duration timeout) {
    requireUp(timeout);
    waits.add(longest);
    return nextIn().compareTo(longest) > 0
        ? new GrantAnswer.Refused(new LineWait(expectedWait, lineIsKnown))
        : new GrantAnswer.Granted(grant());
  }

  private Grant grant() {
    return grant("grant-" + acquired.incrementAndGet(), clock.instant().plus(nextIn()));
  }

  private Duration nextIn() {
    Instant now = clock.instant();
    return next.isAfter(now.plus(wait)) ? Duration.between(now, next) : wait;
  }

  @Override
  public FreeCalls freeCalls(Duration longest, Duration timeout) {
    requireUp(timeout);
    return new FreeCalls(nextIn().compareTo(longest) > 0 ? 0 : free, nextIn());
  }

  @Override
  public Duration noteLine(long waiting, Duration timeout) {
    requireUp(timeout);
    noted.add(waiting);
    return expectedWait;
  }

  @Override
  public List<Grant> acquireForLine(int count, Duration longest, Duration timeout) {
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1");
    }
    beforeGrants.run();
    requireUp(timeout);
    requested.add(count);
    waits.add(longest);
    return take(nextIn().compareTo(longest) > 0 ? 0 : count);
  }

  private synchronized List<Grant> take(int count) {
    int given = Math.min(count, free);
    free -= given;
    return Stream.generate(this::grant).limit(given).toList();
  }

  @Override
  public Instant lastNote() {
    return lastNote;
  }

  @Override
  public boolean refusesClock() {
    return refusesClock;
  }

  private void requireUp(Duration timeout) {
    timeouts.add(timeout);
    if (isDown) {
      throw new LimiterUnavailableException("the limiter is down", new IllegalStateException());
    }
  }
}
