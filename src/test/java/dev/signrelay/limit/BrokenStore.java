package dev.signrelay.limit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A store that does not answer. */
final class BrokenStore implements ScheduleStore {

  @Override
  public RateLimitState read() {
    throw new IllegalStateException("no answer");
  }

  @Override
  public WriteResult take(Take request) {
    throw new IllegalStateException("no answer");
  }

  @Override
  public WriteResult replace(@Nullable RateLimitState expected, RateLimitState next) {
    throw new IllegalStateException("no answer");
  }

  @Override
  public WriteResult note(
      long waiting, long most, @Nullable Instant notedAt, @Nullable Instant askedAt) {
    throw new IllegalStateException("no answer");
  }
}
