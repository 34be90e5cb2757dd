package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;

/** No limit (a limit of 0): every call may begin at once, and its grant does not expire. */
public record NoLimit(InstantSource clock) implements RateLimiter {

  @Override
  public Answer acquire(GrantWindow window, Duration timeout) {
    return new Answer.Granted(new Grant("unlimited", clock.instant(), ANY_TIME));
  }

  @Override
  public boolean claim(Grant grant, Duration timeout) {
    return true;
  }

  @Override
  public LineStatus noteLine(long waiting, GrantWindow window, Duration timeout) {
    return new LineStatus(Integer.MAX_VALUE, Duration.ZERO);
  }

  /**
   * Grants that expire at once. If there is a limit again when a job arrives with one, the job has
   * to acquire another.
   */
  @Override
  public List<Grant> acquireForLine(int count, GrantWindow window, Duration timeout) {
    Instant now = clock.instant();
    return Collections.nCopies(count, new Grant("unlimited", now, now));
  }
}
