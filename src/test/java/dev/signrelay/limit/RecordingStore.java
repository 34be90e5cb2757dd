package dev.signrelay.limit;

import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store in memory that records its requests. They take time, and can be repeated. */
final class RecordingStore implements ScheduleStore {

  final MemoryScheduleStore stored = new MemoryScheduleStore();

  /** The names of the requests since the last call of {@link #requests}. */
  private final List<String> requests = new ArrayList<>();

  private final FakeTime time;

  /** How long each request takes. */
  Duration latency = Duration.ZERO;

  /**
   * Runs after the first answer is lost and before the request is repeated; null: no repetition.
   */
  @Nullable Runnable beforeRepetition;

  RecordingStore(FakeTime time) {
    this.time = time;
  }

  /** Returns and forgets the recorded requests. */
  List<String> requests() {
    List<String> all = List.copyOf(requests);
    requests.clear();
    return all;
  }

  /** The stored state, which must exist. */
  RateLimitState state() {
    RateLimitState state = stored.state();
    if (state == null) {
      throw new IllegalStateException("there is no state");
    }
    return state;
  }

  @Override
  public @Nullable RateLimitState read() {
    return request("read", stored::read);
  }

  @Override
  public WriteResult take(Take request) {
    return request("take", () -> stored.take(request));
  }

  @Override
  public WriteResult replace(@Nullable RateLimitState expected, RateLimitState next) {
    return request("replace", () -> stored.replace(expected, next));
  }

  @Override
  public WriteResult note(
      long waiting, long most, @Nullable Instant notedAt, @Nullable Instant askedAt) {
    return request("note", () -> stored.note(waiting, most, notedAt, askedAt));
  }

  private <T extends @Nullable Object> T request(String name, Supplier<T> request) {
    requests.add(name);
    time.advance(latency);
    Runnable between = beforeRepetition;
    if (between != null) {
      beforeRepetition = null;
      var _ = request.get();
      between.run();
    }
    return request.get();
  }
}
