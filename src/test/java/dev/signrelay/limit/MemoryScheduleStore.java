package dev.signrelay.limit;

import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory store that counts its requests. It deletes a claim as soon as the claim expires by
 * its clock, whereas DynamoDB deletes it later.
 */
final class MemoryScheduleStore implements ScheduleStore {

  /** A claim of a grant. */
  record Claim(String owner, Instant forgetAfter) {}

  /** The stored data. */
  record Contents(@Nullable LimiterState state, Map<String, Claim> claims) {

    static final Contents NONE = new Contents(null, Map.of());

    Contents {
      claims = Map.copyOf(claims);
    }
  }

  private final Map<String, Claim> claims = new HashMap<>();
  private final InstantSource clock;
  private @Nullable LimiterState state;
  private long requests;

  MemoryScheduleStore() {
    this(() -> Instant.MIN);
  }

  MemoryScheduleStore(InstantSource clock) {
    this.clock = clock;
  }

  MemoryScheduleStore(InstantSource clock, Contents contents) {
    this(clock);
    state = contents.state();
    claims.putAll(contents.claims());
  }

  synchronized Contents contents() {
    return new Contents(state, claims);
  }

  /** Loses everything. */
  synchronized void wipe() {
    state = null;
    claims.clear();
  }

  @Override
  public synchronized @Nullable LimiterState read() {
    requests++;
    return state;
  }

  @Override
  public synchronized WriteResult take(Take request) {
    requests++;
    LimiterState present = state;
    if (present == null
        || !present.schedule().version().equals(request.last().schedule().version())
        || present.schedule().granted() < request.least()
        || present.schedule().granted() + request.count() - 1 > request.most()
        || request.place() == Place.BEHIND_LINE && present.waiting() > 0
        || present.token().equals(request.token())) {
      return new Conflict(present);
    }
    GrantSchedule taken =
        present.schedule().withGranted(present.schedule().granted() + request.count());
    long waiting = present.waiting() - (request.place() == Place.IN_LINE ? request.count() : 0);
    Instant askedAt = request.askedAt() == null ? present.askedAt() : request.askedAt();
    state = new LimiterState(taken, askedAt, Math.max(0, waiting), request.token());
    return new Applied(state);
  }

  @Override
  public synchronized WriteResult replace(@Nullable LimiterState expected, LimiterState next) {
    requests++;
    boolean asExpected =
        state == null
            ? expected == null
            : expected != null
                && state.schedule().version().equals(expected.schedule().version())
                && state.schedule().granted() == expected.schedule().granted();
    if (!asExpected) {
      return new Conflict(state);
    }
    state = next;
    return new Applied(next);
  }

  @Override
  public synchronized WriteResult note(long waiting, long most, @Nullable Instant askedAt) {
    requests++;
    LimiterState present = state;
    if (present == null || present.waiting() > most) {
      return new Conflict(present);
    }
    state =
        new LimiterState(
            present.schedule(),
            askedAt == null ? present.askedAt() : askedAt,
            waiting,
            present.token());
    return new Applied(state);
  }

  @Override
  public synchronized boolean claim(String grantId, String owner, Instant forgetAfter) {
    requests++;
    claims.values().removeIf(claim -> !clock.instant().isBefore(claim.forgetAfter()));
    Claim present = claims.putIfAbsent(grantId, new Claim(owner, forgetAfter));
    return present == null || present.owner().equals(owner);
  }

  synchronized long requests() {
    return requests;
  }
}
