package dev.signrelay.limit;

import dev.signrelay.limit.ModelProcess.Memory;
import dev.signrelay.limit.ModelProcess.Operation;
import dev.signrelay.limit.ModelState.Arrival;
import dev.signrelay.limit.ModelState.Granted;
import dev.signrelay.limit.ModelStore.Answer;
import dev.signrelay.limit.ScheduleStore.WriteResult;
import dev.signrelay.limit.SharedSchedule.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Key that is equal only for states with the same future. States have the same key if they differ
 * only in the true time, in ids, or in data that no later action uses: calls that cannot share a
 * window with a later call, and when the line was noted.
 */
final class ModelStateKey {

  /** What a limiter remembers longer than this has no effect, even if its clock is set back. */
  private static final Duration REMEMBERED = Duration.ofSeconds(11);

  /** The longest age, by any clock, at which it matters when a process asked. */
  private static final Duration ASKED = SharedSchedule.LOWER_LIMIT_HOLDS.plusSeconds(2);

  private final ModelState state;
  private final Ids ids;
  private final StringBuilder key = new StringBuilder();

  private ModelStateKey(ModelState state) {
    this.state = state;
    this.ids = new Ids(state.processes());
  }

  static String of(ModelState state) {
    return new ModelStateKey(state).key();
  }

  private String key() {
    stored(state.stored());
    for (ModelProcess process : state.processes()) {
      key.append('P').append(process.calls()).append('/').append(process.skew().toMillis());
      memory(process.memory(), process.clock(state.now()));
      process.waiting().forEach(operation -> operation(operation, process));
    }
    Instant earliest = state.now().minus(ModelInvariants.WINDOW);
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
    key.append('H').append(state.highest());
    granted.stream()
        .filter(grant -> grant.limit() < state.highest())
        .forEach(grant -> key.append('L').append(grant.limit()).append(asked(grant.askedAt())));
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
    key.append(asked(stored.askedAt())).append('/').append(schedule.calls());
    time(schedule.freeFrom());
  }

  private String asked(Instant askedAt) {
    Duration age = Duration.between(askedAt, state.now());
    return age.compareTo(ASKED) > 0 ? "old" : String.valueOf(age.toNanos());
  }

  private void memory(Memory memory, Instant clock) {
    key.append(memory.existed() ? 'E' : 'N');
    if (memory.seen() instanceof Seen(RateLimitState seen, Instant at, Duration latency)
        && at.plus(REMEMBERED).isAfter(clock)) {
      key.append(Duration.between(at, clock).toMillis()).append('/').append(latency.toMillis());
      stored(seen);
    }
  }

  private void operation(Operation operation, ModelProcess process) {
    key.append('O').append(operation.task());
    memory(operation.memory(), operation.start());
    clockTime(operation.start(), process);
    for (Answer answer : operation.answers()) {
      if (answer.value() instanceof Optional<?> value) {
        stored(
            value.orElse(null) instanceof WriteResult result
                ? result.current()
                : (RateLimitState) value.orElse(null));
      } else {
        key.append(answer.value());
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

  /**
   * Names for the ids in a state that do not depend on how many operations have begun. An id is the
   * number of the operation that created it, a dot, and a count. An operation that is suspended
   * compares its own ids with those that are stored, so they are named after it.
   */
  private static final class Ids {

    private final Map<String, String> waiting = new HashMap<>();
    private final Map<String, Integer> versions = new HashMap<>();

    Ids(List<ModelProcess> processes) {
      for (int number = 0; number < processes.size(); number++) {
        int count = 0;
        for (Operation operation : processes.get(number).waiting()) {
          waiting.put(String.valueOf(operation.number()), "W" + number + "-" + count++);
        }
      }
    }

    /** The name of a version, or of a grant: a version, a slash, and the number of the grant. */
    String of(String id) {
      String version = version(id);
      String own = ofWaiting(version);
      int known = versions.computeIfAbsent(version, _ -> versions.size());
      return (own.isEmpty() ? "V" + known : own) + id.substring(version.length()) + ' ';
    }

    /** Whether the version of a grant was named before. */
    boolean isKnown(String grantId) {
      return versions.containsKey(version(grantId));
    }

    /** The name of an id that only matters to the operation that created it; empty otherwise. */
    String ofWaiting(String id) {
      int dot = id.indexOf('.');
      String operation = dot < 0 ? null : waiting.get(id.substring(0, dot));
      return operation == null ? "" : operation + id.substring(dot);
    }

    private static String version(String id) {
      int slash = id.indexOf('/');
      return slash < 0 ? id : id.substring(0, slash);
    }
  }
}
