package dev.signrelay.limit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Forwards all requests to another store. */
abstract class ForwardingStore implements ScheduleStore {

  private final ScheduleStore store;

  ForwardingStore(ScheduleStore store) {
    this.store = store;
  }

  @Override
  public @Nullable RateLimitState read() {
    return store.read();
  }

  @Override
  public WriteResult take(Take request) {
    return store.take(request);
  }

  @Override
  public WriteResult replace(@Nullable RateLimitState expected, RateLimitState next) {
    return store.replace(expected, next);
  }

  @Override
  public WriteResult note(
      long waiting, long most, @Nullable Instant notedAt, @Nullable Instant askedAt) {
    return store.note(waiting, most, notedAt, askedAt);
  }
}
