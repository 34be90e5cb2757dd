package dev.signrelay.simulation;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** A rate limiter that is used wrongly, if that is the mutation. */
record FlawedLimiter(
    Mutation mutation, RateLimiter limiter, InstantSource time, Supplier<String> ids)
    implements RateLimiter {

  @Override
  public GrantAnswer acquire(Duration wait, Duration timeout) {
    try {
      return limiter.acquire(wait, timeout);
    } catch (LimiterUnavailableException e) {
      if (mutation != Mutation.CALL_WITHOUT_LIMITER) {
        throw e;
      }
      Instant now = time.instant();
      return new GrantAnswer.Granted(new Grant(ids.get(), now, now.plusSeconds(1)));
    }
  }

  @Override
  public void noteJoined(int jobs, Duration timeout) {
    limiter.noteJoined(jobs, timeout);
  }

  @Override
  public FreeCalls freeCalls(Duration wait, Duration timeout) {
    return limiter.freeCalls(wait, timeout);
  }

  @Override
  public List<Grant> acquireForLine(int count, Duration wait, Duration timeout) {
    if (mutation == Mutation.TAKE_GRANTS_TWICE) {
      var _ = limiter.acquireForLine(count, wait, timeout);
    }
    return limiter.acquireForLine(count, wait, timeout);
  }

  @Override
  public Duration noteLine(long waiting, Duration timeout) {
    long least = mutation == Mutation.NEVER_NOTE_AN_EMPTY_LINE ? 1 : 0;
    return limiter.noteLine(Math.max(least, waiting), timeout);
  }

  @Override
  public Instant noteEmpty(Instant noted, Duration timeout) {
    return mutation == Mutation.NEVER_NOTE_AN_EMPTY_LINE
        ? noted
        : limiter.noteEmpty(noted, timeout);
  }

  @Override
  public Instant lastNote() {
    return limiter.lastNote();
  }

  @Override
  public boolean refusesClock() {
    return limiter.refusesClock();
  }
}
