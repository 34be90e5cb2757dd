package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.ClockCheck.WrongClockException;
import dev.signrelay.limit.ScriptedStore.NoAnswerException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Checks the results of a limiter. */
final class ObservedLimiter implements RateLimiter {

  private final RateLimiter limiter;
  private final InstantSource clock;
  private final List<String> broken = new ArrayList<>();
  private final List<Grant> given = new ArrayList<>();

  ObservedLimiter(RateLimiter limiter, InstantSource clock) {
    this.limiter = limiter;
    this.clock = clock;
  }

  /** The invariants that were broken. */
  List<String> broken() {
    return broken;
  }

  /** The grants that were acquired, in order. */
  List<Grant> given() {
    return given;
  }

  @Override
  public Answer acquire(Duration wait, Duration timeout) {
    Answer answer = checked(() -> limiter.acquire(wait, timeout));
    if (answer instanceof Answer.Granted(Grant grant)) {
      check(grant, wait);
    }
    return answer;
  }

  @Override
  public void noteJoined(Duration timeout) {
    var _ =
        checked(
            () -> {
              limiter.noteJoined(timeout);
              return true;
            });
  }

  @Override
  public FreeCalls freeCalls(Duration wait, Duration timeout) {
    return checked(() -> limiter.freeCalls(wait, timeout));
  }

  @Override
  public List<Grant> acquireForLine(int count, Duration wait, Duration timeout) {
    List<Grant> grants = checked(() -> limiter.acquireForLine(count, wait, timeout));
    grants.forEach(grant -> check(grant, wait));
    if (grants.size() > count) {
      broken.add("more grants are given than jobs wait");
    }
    return grants;
  }

  @Override
  public Duration noteLine(long waiting, Duration timeout) {
    return checked(() -> limiter.noteLine(waiting, timeout));
  }

  /** The clock may have been set back since the grant was requested. */
  private void check(Grant grant, Duration wait) {
    given.add(grant);
    Duration tolerance = ModelState.CLOCK_RANGE.plus(SharedSchedule.MAX_LATENCY);
    Instant latest = clock.instant().plus(wait).plus(tolerance);
    if (grant.from().isAfter(latest)) {
      broken.add("%s begins after %s, the latest allowed time".formatted(grant, latest));
    }
  }

  /** The limiter may be unavailable only if the store is or the clock is wrong. */
  private <T> T checked(Supplier<T> call) {
    try {
      return call.get();
    } catch (LimiterUnavailableException e) {
      Throwable cause = e.getCause().getCause();
      if (!(cause instanceof NoAnswerException || cause instanceof WrongClockException)) {
        broken.add("the limiter fails: " + cause);
      }
      throw e;
    }
  }
}
