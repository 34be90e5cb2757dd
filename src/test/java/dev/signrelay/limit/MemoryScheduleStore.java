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

  /** The stored data. */
  record Contents(@Nullable GrantSchedule schedule, Map<String, Instant> claims) {

    static final Contents NONE = new Contents(null, Map.of());

    Contents {
      claims = Map.copyOf(claims);
    }
  }

  private final Map<String, Instant> claims = new HashMap<>();
  private final InstantSource clock;
  private @Nullable GrantSchedule schedule;
  private long requests;

  MemoryScheduleStore() {
    this(() -> Instant.MIN);
  }

  MemoryScheduleStore(InstantSource clock) {
    this.clock = clock;
  }

  MemoryScheduleStore(InstantSource clock, Contents contents) {
    this(clock);
    schedule = contents.schedule();
    claims.putAll(contents.claims());
  }

  synchronized Contents contents() {
    return new Contents(schedule, claims);
  }

  @Override
  public synchronized WriteResult increment(GrantSchedule known, long least, long most) {
    requests++;
    if (schedule == null
        || !schedule.version().equals(known.version())
        || schedule.granted() < least
        || schedule.granted() > most) {
      return new Conflict(schedule);
    }
    schedule = schedule.withGranted(schedule.granted() + 1);
    return new Applied(known.withGranted(schedule.granted()));
  }

  @Override
  public synchronized WriteResult replace(@Nullable GrantSchedule expected, GrantSchedule next) {
    requests++;
    boolean asExpected =
        schedule == null
            ? expected == null
            : expected != null
                && schedule.version().equals(expected.version())
                && schedule.granted() == expected.granted();
    if (!asExpected) {
      return new Conflict(schedule);
    }
    schedule = next;
    return new Applied(next);
  }

  @Override
  public synchronized boolean claim(String grantId, Instant forgetAfter) {
    requests++;
    claims.values().removeIf(forget -> !clock.instant().isBefore(forget));
    return claims.putIfAbsent(grantId, forgetAfter) == null;
  }

  synchronized long requests() {
    return requests;
  }
}
