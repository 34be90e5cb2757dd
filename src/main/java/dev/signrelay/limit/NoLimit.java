package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;

/** No limit (a limit of 0): every call may begin at once, and its grant does not expire. */
public record NoLimit(InstantSource clock) implements RateLimiter {

  @Override
  public GrantAnswer acquire(Duration wait, Duration timeout) {
    return new GrantAnswer.Granted(Grant.unlimited(clock.instant()));
  }

  @Override
  public FreeCalls freeCalls(Duration wait, Duration timeout) {
    return new FreeCalls(Integer.MAX_VALUE, Duration.ZERO);
  }

  @Override
  public List<Grant> acquireForLine(int count, Duration wait, Duration timeout) {
    return Collections.nCopies(count, Grant.unlimited(clock.instant()));
  }

  @Override
  public Duration noteLine(long waiting, Duration timeout) {
    return Duration.ZERO;
  }
}
