package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import java.time.Duration;
import java.util.List;

/** Takes grants for jobs in line farther ahead than it is asked to. */
record FarAhead(RateLimiter limiter, Duration ahead) implements RateLimiter {

  /** A model whose drain runs do so. */
  static LimiterModel model(Duration ahead) {
    return new LimiterModel(
        SlidingWindowLimiter.PERIOD,
        store -> store,
        true,
        (task, limiter, time) ->
            ModelWorkflow.asInTheFunctions(task, new FarAhead(limiter, ahead), time));
  }

  @Override
  public List<Grant> acquireForLine(int count, Duration wait, Duration timeout) {
    return limiter.acquireForLine(count, ahead, timeout);
  }

  @Override
  public Answer acquire(Duration wait, Duration timeout) {
    return limiter.acquire(wait, timeout);
  }

  @Override
  public void noteJoined(Duration timeout) {
    limiter.noteJoined(timeout);
  }

  @Override
  public FreeCalls freeCalls(Duration wait, Duration timeout) {
    return limiter.freeCalls(wait, timeout);
  }

  @Override
  public Duration noteLine(long waiting, Duration timeout) {
    return limiter.noteLine(waiting, timeout);
  }
}
