package dev.signrelay.limit;

import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Forwards all requests to another store. */
abstract class ForwardingStore implements ScheduleStore {

  private final ScheduleStore store;

  ForwardingStore(ScheduleStore store) {
    this.store = store;
  }

  /** A store that does not answer. */
  static ScheduleStore broken() {
    return new ForwardingStore(new MemoryScheduleStore()) {
      @Override
      <T extends @Nullable Object> T send(Function<ScheduleStore, T> request) {
        throw new IllegalStateException("no answer");
      }
    };
  }

  /** Sends any request to the other store. */
  <T extends @Nullable Object> T send(Function<ScheduleStore, T> request) {
    return request.apply(store);
  }

  @Override
  public @Nullable RateLimitState read() {
    return send(ScheduleStore::read);
  }

  @Override
  public WriteResult take(Take request) {
    return send(other -> other.take(request));
  }

  @Override
  public WriteResult replace(@Nullable RateLimitState expected, RateLimitState next) {
    return send(other -> other.replace(expected, next));
  }

  @Override
  public WriteResult note(
      long waiting, long most, @Nullable Instant notedAt, @Nullable Instant askedAt) {
    return send(other -> other.note(waiting, most, notedAt, askedAt));
  }

  @Override
  public WriteResult add(long joined, @Nullable Instant askedAt) {
    return send(other -> other.add(joined, askedAt));
  }
}
