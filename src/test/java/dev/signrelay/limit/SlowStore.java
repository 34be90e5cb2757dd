package dev.signrelay.limit;

import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A store in memory whose requests take time, can overtake each other, and can be repeated. */
final class SlowStore extends ForwardingStore {

  final MemoryScheduleStore stored;
  private final FakeTime time;

  /** How long each request takes. */
  Duration latency = Duration.ZERO;

  /** Runs once, after the effect of a request and before its answer. */
  private @Nullable Runnable beforeAnswer;

  private boolean repeats;

  SlowStore(FakeTime time) {
    var memory = new MemoryScheduleStore();
    super(memory);
    this.stored = memory;
    this.time = time;
  }

  /** The stored state, which must exist. */
  RateLimitState state() {
    return Objects.requireNonNull(stored.state());
  }

  /** Other requests overtake the answer to the next one. */
  void overtakeNext(Runnable others) {
    beforeAnswer = others;
    repeats = false;
  }

  /** The answer to the next request is lost; it is repeated after others. */
  void repeatNext(Runnable others) {
    beforeAnswer = others;
    repeats = true;
  }

  @Override
  <T extends @Nullable Object> T send(Function<ScheduleStore, T> request) {
    time.advance(latency);
    T answer = super.send(request);
    Runnable others = beforeAnswer;
    if (others == null) {
      return answer;
    }
    beforeAnswer = null;
    others.run();
    return repeats ? super.send(request) : answer;
  }
}
