package dev.signrelay.limit;

import dev.signrelay.limit.ModelState.Arrival;
import dev.signrelay.limit.ModelState.Granted;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Key that is equal only for states with the same future. States have the same key if they differ
 * only in the true time, in ids, or in data that no later action uses: calls that cannot share a
 * window with a later call, and when the line was noted.
 */
final class ModelStateKey {

  /** What a limiter remembers longer than this has no effect, even if its clock is set back. */
  private static final Duration MEMORY = Duration.ofSeconds(11);

  /** The longest age, by any clock, at which it matters when a process asked. */
  private static final Duration ASKED = Duration.ofSeconds(63);

  private final ModelState state;
  private final boolean limitsChange;
  private final ModelIds ids;
  private final StringBuilder key = new StringBuilder();

  private ModelStateKey(ModelState state, boolean limitsChange) {
    this.state = state;
    this.limitsChange = limitsChange;
    this.ids = new ModelIds(state.processes());
  }

  /**
   * @param limitsChange whether the limit of a process can change, or they differ
   */
  static String of(ModelState state, boolean limitsChange) {
    return new ModelStateKey(state, limitsChange).key();
  }

  private String key() {
    stored(state.stored());
    for (ModelProcess process : state.processes()) {
      key.append('P').append(process.calls()).append('/').append(process.skew().toMillis());
      memory(process.memory(), process.clock(state.now()));
      process.waiting().forEach(operation -> operation(operation, process));
    }
    Instant earliest = state.now().minus(ModelUpstream.WINDOW);
    state.arrivals().stream()
        .filter(arrival -> arrival.at().isAfter(earliest))
        .map(this::arrival)
        .sorted()
        .forEach(key::append);
    granted();
    return key.toString();
  }

  /** Grants of schedules that can still give grants, and who asked for them. */
  private void granted() {
    List<Granted> granted = state.granted();
    granted.stream()
        .filter(grant -> ids.isKnown(grant.id()))
        .map(grant -> ids.of(grant.id()))
        .sorted()
        .forEach(key::append);
    if (!granted.isEmpty()) {
      time(granted.getLast().from());
    }
    if (limitsChange) {
      key.append('H').append(state.highest());
      Instant earliest = state.now().minus(SharedSchedule.LOWER_LIMIT_HOLDS).minusSeconds(2);
      granted.stream()
          .filter(grant -> grant.askedAt().isAfter(earliest))
          .forEach(grant -> key.append('L').append(grant.limit()).append(nanos(grant.askedAt())));
    }
  }

  private void stored(@Nullable RateLimitState stored) {
    if (stored == null) {
      key.append('-');
      return;
    }
    GrantSchedule schedule = stored.schedule();
    key.append('S').append(ids.of(schedule.version())).append(schedule.granted());
    schedule.slots().forEach(this::time);
    key.append(ids.ofWaiting(stored.token())).append('/').append(stored.waiting()).append('/');
    asked(stored.askedAt());
    if (limitsChange) {
      key.append('/').append(schedule.calls());
      time(schedule.freeFrom());
      time(stored.askedAt());
    }
  }

  /** A process notes that it asked if that was not noted for a minute. */
  private void asked(Instant askedAt) {
    Duration age = Duration.between(askedAt, state.now());
    key.append(age.compareTo(ASKED) > 0 ? "old" : String.valueOf(age.toMillis()));
  }

  private void memory(ModelMemory memory, Instant clock) {
    key.append(memory.existed() ? 'E' : 'N');
    Duration age = Duration.between(memory.at(), clock);
    if (memory.state() != null && age.compareTo(MEMORY) < 0) {
      key.append(age.toMillis()).append('/').append(memory.latency().toMillis());
      stored(memory.state());
    }
  }

  private void operation(ModelOperation operation, ModelProcess process) {
    key.append('O').append(operation.task());
    memory(operation.memory(), operation.start());
    clockTime(operation.start(), process);
    for (ScriptedStore.Answer answer : operation.answers()) {
      switch (answer.value()) {
        case Applied(RateLimitState current) -> stored(current);
        case Conflict(RateLimitState current) -> stored(current);
        case Optional<?> read -> stored((RateLimitState) read.orElse(null));
        case Object value -> key.append(value);
      }
      clockTime(answer.at(), process);
    }
  }

  private String arrival(Arrival arrival) {
    return "A" + nanos(arrival.at()) + '/' + arrival.allowed() + ' ';
  }

  private void clockTime(Instant time, ModelProcess process) {
    key.append(' ').append(Duration.between(process.clock(state.now()), time).toNanos());
  }

  private void time(Instant time) {
    key.append(' ').append(nanos(time));
  }

  private long nanos(Instant time) {
    return Duration.between(state.now(), time).toNanos();
  }
}
