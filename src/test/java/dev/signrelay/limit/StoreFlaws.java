package dev.signrelay.limit;

import static dev.signrelay.limit.ScheduleStore.Place.IN_LINE;

import dev.signrelay.limit.ScheduleStore.Take;
import dev.signrelay.limit.ScheduleStore.WriteResult;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Wraps a store so that one of its conditions, or a part of the schedule's rules, is missing. */
final class StoreFlaws {

  private StoreFlaws() {}

  static ScheduleStore takesPastTheBounds(ScheduleStore store) {
    return taking(store, t -> with(t, t.last(), Long.MAX_VALUE / 2));
  }

  static ScheduleStore takesFromAnyVersion(ScheduleStore store) {
    return new ForwardingStore(store) {
      @Override
      public WriteResult take(Take request) {
        WriteResult written = super.take(request);
        return written instanceof Conflict(RateLimitState other)
                && other != null
                && super.take(with(request, other, request.most()))
                    instanceof Applied(RateLimitState current)
            ? new Applied(granted(request.last(), current.schedule().granted()))
            : written;
      }
    };
  }

  /** Newcomers take grants while jobs wait in line. */
  static ScheduleStore takesPastTheLine(ScheduleStore store) {
    return taking(
        store, t -> new Take(t.last(), t.count(), t.most(), t.token(), IN_LINE, t.askedAt()));
  }

  /** A state is replaced although more jobs wait in line than were seen. */
  static ScheduleStore replacesALongerLine(ScheduleStore store) {
    return new ForwardingStore(store) {
      @Override
      public WriteResult replace(@Nullable RateLimitState expected, RateLimitState next) {
        WriteResult written = super.replace(expected, next);
        return expected != null
                && written instanceof Conflict(RateLimitState other)
                && other != null
                && other.schedule().equals(expected.schedule())
            ? super.replace(other, next)
            : written;
      }
    };
  }

  static ScheduleStore replacesAnyState(ScheduleStore store) {
    return new ForwardingStore(store) {
      @Override
      public WriteResult replace(@Nullable RateLimitState expected, RateLimitState next) {
        return super.replace(expected, next) instanceof Conflict(RateLimitState other)
            ? super.replace(other, next)
            : new Applied(next);
      }
    };
  }

  /** A rebuild by which grants are taken lets all other calls begin with them. */
  static ScheduleStore freesAllCallsOnRebuild(ScheduleStore store) {
    return replacing(
        store,
        (expected, next) -> {
          if (expected == null) {
            return next;
          }
          GrantSchedule schedule = next.schedule();
          long taken = schedule.granted() - expected.schedule().granted() % schedule.calls();
          Instant last = schedule.time(schedule.granted() - 1);
          return next.withSchedule(idle(schedule, last).withGranted(taken));
        });
  }

  /**
   * A request that is repeated seems to have taken the grants of the schedule that replaced its.
   */
  static ScheduleStore keepsTheTokenOfAReplacedSchedule(ScheduleStore store) {
    return replacing(
        store,
        (expected, next) ->
            expected == null
                ? next
                : new RateLimitState(
                    next.schedule(),
                    next.askedAt(),
                    next.waiting(),
                    next.notedAt(),
                    expected.token()));
  }

  /** A changed limit begins, with all its calls, with the last grant of the old one. */
  static ScheduleStore beginsAChangedLimitEarly(ScheduleStore store) {
    return replacing(
        store,
        (expected, next) -> {
          if (expected == null
              || expected.schedule().calls() == next.schedule().calls()
              || expected.schedule().granted() == 0) {
            return next;
          }
          Instant last = expected.schedule().time(expected.schedule().granted() - 1);
          return next.withSchedule(idle(next.schedule(), last));
        });
  }

  /** Nobody knows that a process with a lower limit has asked. */
  static ScheduleStore forgetsWhoAsked(ScheduleStore store) {
    var forgetting =
        new ForwardingStore(store) {
          @Override
          public WriteResult note(
              long waiting, long most, @Nullable Instant notedAt, @Nullable Instant askedAt) {
            return super.note(waiting, most, notedAt, null);
          }

          @Override
          public WriteResult add(long joined, @Nullable Instant askedAt) {
            return super.add(joined, null);
          }
        };
    return taking(
        replacing(forgetting, (_, next) -> next.withAskedAt(Instant.EPOCH)),
        t -> new Take(t.last(), t.count(), t.most(), t.token(), t.place(), null));
  }

  /** A request that replaces a schedule does not count as asking. */
  static ScheduleStore forgetsWhoRebuilt(ScheduleStore store) {
    return replacing(
        store,
        (expected, next) ->
            expected == null || expected.schedule().calls() != next.schedule().calls()
                ? next
                : next.withAskedAt(expected.askedAt()));
  }

  /** The first schedule begins this much too early, at a time that is at least its start's. */
  static ScheduleStore beginsALostScheduleEarly(Duration early, ScheduleStore store) {
    return replacing(
        store,
        (expected, next) -> {
          Instant start = next.schedule().slots().getFirst().minus(early);
          boolean lost = expected == null && start.isAfter(ModelState.START.minusSeconds(1));
          return lost ? next.withSchedule(idle(next.schedule(), start)) : next;
        });
  }

  /** The update for one grant is answered and then lost, so that the next gives it again. */
  static ScheduleStore losesTheUpdateOf(long number, ScheduleStore store) {
    return new ForwardingStore(store) {
      @Override
      public WriteResult take(Take request) {
        WriteResult written = super.take(request);
        if (written instanceof Applied(RateLimitState current)
            && current.schedule().granted() == number + 1) {
          super.replace(current, granted(current, number));
        }
        return written;
      }
    };
  }

  /** Changes each request for grants. */
  private static ScheduleStore taking(ScheduleStore store, UnaryOperator<Take> change) {
    return new ForwardingStore(store) {
      @Override
      public WriteResult take(Take request) {
        return super.take(change.apply(request));
      }
    };
  }

  /** Changes each state that replaces another, or that is the first. */
  private static ScheduleStore replacing(
      ScheduleStore store,
      BiFunction<@Nullable RateLimitState, RateLimitState, RateLimitState> change) {
    return new ForwardingStore(store) {
      @Override
      public WriteResult replace(@Nullable RateLimitState expected, RateLimitState next) {
        return super.replace(expected, change.apply(expected, next));
      }
    };
  }

  private static GrantSchedule idle(GrantSchedule schedule, Instant start) {
    return GrantSchedule.idle(schedule.version(), schedule.period(), schedule.calls(), start);
  }

  private static RateLimitState granted(RateLimitState state, long count) {
    return state.withSchedule(state.schedule().withGranted(count));
  }

  private static Take with(Take t, RateLimitState last, long most) {
    return new Take(last, t.count(), most, t.token(), t.place(), t.askedAt());
  }
}
