package dev.signrelay.limit;

import dev.signrelay.limit.ScheduleStore.WriteResult;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Wraps a store so that one of its conditions is missing. */
final class StoreFlaws {

  private StoreFlaws() {}

  static ScheduleStore incrementsPastTheBounds(ScheduleStore store) {
    return new Forwarding(store) {
      @Override
      public WriteResult increment(GrantSchedule schedule, long least, long most) {
        return super.increment(schedule, 0, Long.MAX_VALUE);
      }
    };
  }

  static ScheduleStore incrementsForAnyVersion(ScheduleStore store) {
    return new Forwarding(store) {
      @Override
      public WriteResult increment(GrantSchedule schedule, long least, long most) {
        WriteResult written = super.increment(schedule, least, most);
        return written instanceof Conflict(GrantSchedule other)
                && other != null
                && super.increment(other, least, most) instanceof Applied(GrantSchedule current)
            ? new Applied(schedule.withGranted(current.granted()))
            : written;
      }
    };
  }

  static ScheduleStore replacesAnySchedule(ScheduleStore store) {
    return new Forwarding(store) {
      @Override
      public WriteResult replace(@Nullable GrantSchedule expected, GrantSchedule next) {
        return super.replace(expected, next) instanceof Conflict(GrantSchedule other)
            ? super.replace(other, next)
            : new Applied(next);
      }
    };
  }

  static ScheduleStore freesAllSlotsOnRebuild(ScheduleStore store) {
    return new Forwarding(store) {
      @Override
      public WriteResult replace(@Nullable GrantSchedule expected, GrantSchedule next) {
        int calls = next.slots().size();
        return super.replace(
            expected,
            GrantSchedule.idle(next.version(), next.period(), calls, next.slots().getFirst())
                .withGranted(next.granted()));
      }
    };
  }

  static ScheduleStore claimsAnyGrant(ScheduleStore store) {
    return new Forwarding(store) {
      @Override
      public boolean claim(String grantId, Instant forgetAfter) {
        return true;
      }
    };
  }

  /** Ignores the difference between clocks. */
  static ScheduleStore forgetsClaimsASecondEarly(ScheduleStore store) {
    return new Forwarding(store) {
      @Override
      public boolean claim(String grantId, Instant forgetAfter) {
        return super.claim(grantId, forgetAfter.minus(Duration.ofSeconds(1)));
      }
    };
  }

  /** A changed limit begins before the slots of the old one are free. */
  static ScheduleStore beginsAChangedLimitEarly(ScheduleStore store) {
    return new Forwarding(store) {
      @Override
      public WriteResult replace(@Nullable GrantSchedule expected, GrantSchedule next) {
        int calls = next.slots().size();
        return expected == null || expected.slots().size() == calls
            ? super.replace(expected, next)
            : super.replace(
                expected,
                GrantSchedule.idle(
                    next.version(), next.period(), calls, expected.slots().getFirst()));
      }
    };
  }

  /**
   * The update for one grant is answered and then lost, so that the next update gives the same
   * grant.
   */
  static ScheduleStore losesTheUpdateOf(long number, ScheduleStore store) {
    return new Forwarding(store) {
      @Override
      public WriteResult increment(GrantSchedule schedule, long least, long most) {
        WriteResult written = super.increment(schedule, least, most);
        if (written instanceof Applied(GrantSchedule current) && current.granted() == number + 1) {
          super.replace(current, current.withGranted(number));
        }
        return written;
      }
    };
  }

  private abstract static class Forwarding implements ScheduleStore {
    private final ScheduleStore store;

    Forwarding(ScheduleStore store) {
      this.store = store;
    }

    @Override
    public WriteResult increment(GrantSchedule schedule, long least, long most) {
      return store.increment(schedule, least, most);
    }

    @Override
    public WriteResult replace(@Nullable GrantSchedule expected, GrantSchedule next) {
      return store.replace(expected, next);
    }

    @Override
    public boolean claim(String grantId, Instant forgetAfter) {
      return store.claim(grantId, forgetAfter);
    }
  }
}
