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
   * Grants that have expired. If there is a limit again when a job arrives with one, the job has to
   * acquire another. The clock is not used: no request to the limiter's table has checked it, and a
   * job would wait for a grant in the future.
   */
  @Override
  public List<Grant> acquireForLine(int count, GrantWindow window, Duration timeout) {
    return Collections.nCopies(count, new Grant("unlimited", Instant.EPOCH, Instant.EPOCH));
  }
}
