package dev.signrelay.limit;

import dev.signrelay.limit.ScheduleStore.Written.Refused;
import dev.signrelay.limit.ScheduleStore.Written.Stored;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A schedule in memory, which counts what is asked of it. */
final class MemoryScheduleStore implements ScheduleStore {

  private final Set<String> claims = new HashSet<>();
  private @Nullable GrantSchedule schedule;
  private long requests;

  @Override
  public synchronized Written count(GrantSchedule known, long least, long most) {
    requests++;
    if (schedule == null
        || !schedule.version().equals(known.version())
        || schedule.granted() < least
        || schedule.granted() > most) {
      return new Refused(schedule);
    }
    schedule = schedule.withGranted(schedule.granted() + 1);
    return new Stored(known.withGranted(schedule.granted()));
  }

  @Override
  public synchronized Written replace(@Nullable GrantSchedule expected, GrantSchedule next) {
    requests++;
    boolean asExpected =
        schedule == null
            ? expected == null
            : expected != null
                && schedule.version().equals(expected.version())
                && schedule.granted() == expected.granted();
    if (!asExpected) {
      return new Refused(schedule);
    }
    schedule = next;
    return new Stored(next);
  }

  @Override
  public synchronized boolean claim(String grantId, Instant forgetAfter) {
    requests++;
    return claims.add(grantId);
  }

  @Override
  public void prepare() {}

  synchronized long requests() {
    return requests;
  }
}
