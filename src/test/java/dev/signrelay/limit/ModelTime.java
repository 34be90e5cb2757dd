package dev.signrelay.limit;

import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** The clock of a process during one operation. It advances only when it is set and by sleeping. */
final class ModelTime extends FakeTime {

  ModelTime(Instant time) {
    set(time);
  }

  void set(Instant time) {
    advance(Duration.between(instant(), time));
  }

  /** Calls without a timeout. The model represents a timeout as a lost response. */
  @Override
  public <T> T callWithin(Duration limit, Callable<T> call) throws ExecutionException {
    try {
      return call.call();
    } catch (Exception e) {
      throw new ExecutionException(e);
    }
  }
}
