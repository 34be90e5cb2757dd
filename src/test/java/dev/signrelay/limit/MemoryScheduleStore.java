package dev.signrelay.limit;

import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An in-memory store that counts its requests. */
final class MemoryScheduleStore implements ScheduleStore {

  private @Nullable RateLimitState state;
  private long requests;

  MemoryScheduleStore() {}

  MemoryScheduleStore(@Nullable RateLimitState state) {
    this.state = state;
  }

  /** What is stored; null: nothing. */
  synchronized @Nullable RateLimitState state() {
    return state;
  }

  /** Loses everything. */
  synchronized void wipe() {
    state = null;
  }

  @Override
  public synchronized @Nullable RateLimitState read() {
    requests++;
    return state;
  }

  @Override
  public synchronized WriteResult take(Take request) {
    requests++;
    RateLimitState present = state;
    if (present == null
        || !present.schedule().version().equals(request.last().schedule().version())
        || present.schedule().granted() + request.count() - 1 > request.most()
        || request.place() == Place.BEHIND_LINE && present.waiting() > 0
        || present.token().equals(request.token())) {
      return new Conflict(present);
    }
    GrantSchedule taken =
        present.schedule().withGranted(present.schedule().granted() + request.count());
    long waiting = present.waiting() - (request.place() == Place.IN_LINE ? request.count() : 0);
    state =
        new RateLimitState(
            taken,
            request.askedAt() == null ? present.askedAt() : request.askedAt(),
            Math.max(0, waiting),
            present.notedAt(),
            request.token());
    return new Applied(state);
  }

  @Override
  public synchronized WriteResult replace(@Nullable RateLimitState expected, RateLimitState next) {
    requests++;
    boolean asExpected =
        state == null
            ? expected == null
            : expected != null
                && state.schedule().version().equals(expected.schedule().version())
                && state.schedule().granted() == expected.schedule().granted()
                && state.notedAt().equals(expected.notedAt())
                && state.waiting() <= expected.waiting();
    if (!asExpected) {
      return new Conflict(state);
    }
    state = next;
    return new Applied(next);
  }

  @Override
  public synchronized WriteResult note(
      long waiting, long most, @Nullable Instant notedAt, @Nullable Instant askedAt) {
    requests++;
    RateLimitState present = state;
    if (present == null || present.waiting() > most) {
      return new Conflict(present);
    }
    state =
        new RateLimitState(
            present.schedule(),
            askedAt == null ? present.askedAt() : askedAt,
            waiting,
            notedAt == null ? present.notedAt() : notedAt,
            present.token());
    return new Applied(state);
  }

  @Override
  public synchronized WriteResult add(long joined, @Nullable Instant askedAt) {
    long present = state == null ? 0 : state.waiting();
    if (present == 0) {
      requests++;
      return new Conflict(state);
    }
    return note(present + joined, present, null, askedAt);
  }

  synchronized long requests() {
    return requests;
  }
}
