package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.limit.ModelState.Arrival;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Key that is equal only for states with the same future. States have the same key if they differ
 * only in the true time, in the versions of schedules, in the order of messages, or in data that no
 * later action uses: calls that cannot share a window with a later call, and claims of grants that
 * no message carries.
 */
final class ModelStateKey {

  private final ModelState state;
  private final Map<String, Integer> versions = new HashMap<>();
  private final StringBuilder key = new StringBuilder();

  private ModelStateKey(ModelState state) {
    this.state = state;
  }

  static String of(ModelState state) {
    return new ModelStateKey(state).key();
  }

  private String key() {
    schedule(state.store().schedule());
    for (ModelProcess process : state.processes()) {
      key.append('P').append(process.calls());
      schedule(process.seen());
      process.waiting().forEach(this::operation);
    }
    state.queue().stream().sorted((a, b) -> time(a).compareTo(time(b))).forEach(this::job);
    Set<String> carried = new HashSet<>();
    Stream.concat(
            state.queue().stream(),
            state.processes().stream()
                .flatMap(process -> process.waiting().stream())
                .map(operation -> operation.task().job()))
        .filter(job -> job != null && job.grant() != null)
        .forEach(job -> carried.add(job.grant().id()));
    carried.stream()
        .map(id -> grant(id) + state.limitOf(id) + state.used().contains(id) + claim(id))
        .sorted()
        .forEach(key::append);
    Instant earliest = state.now().minus(ModelUpstream.WINDOW);
    state.arrivals().stream()
        .filter(arrival -> arrival.at().isAfter(earliest))
        .map(this::arrival)
        .sorted()
        .forEach(key::append);
    if (!state.granted().isEmpty()) {
      time(state.granted().getLast().from());
    }
    return key.toString();
  }

  private void schedule(@Nullable GrantSchedule schedule) {
    if (schedule == null) {
      key.append('-');
      return;
    }
    key.append('S').append(version(schedule.version())).append('/').append(schedule.granted());
    schedule.slots().forEach(this::time);
  }

  private void operation(ModelOperation operation) {
    key.append('O').append(operation.task().maxGrantWait().toMillis());
    NeedsSignature job = operation.task().job();
    if (job != null) {
      job(job);
    }
    schedule(operation.seen());
    time(operation.start());
    for (ScriptedStore.Answer answer : operation.answers()) {
      switch (answer.value()) {
        case Applied(GrantSchedule current) -> schedule(current);
        case Conflict(GrantSchedule current) -> schedule(current);
        case Object value -> key.append(value);
      }
      time(answer.at());
    }
  }

  private void job(NeedsSignature job) {
    Grant grant = job.grant();
    key.append('J').append(grant == null ? "-" : grant(grant.id()));
    if (grant != null) {
      time(grant.from());
    }
    if (job.notBefore() != null) {
      time(job.notBefore());
    }
  }

  private static Instant time(NeedsSignature job) {
    return job.grant() == null ? Instant.MIN : job.grant().from();
  }

  private String grant(String id) {
    int slash = id.indexOf('/');
    return "G" + version(id.substring(0, slash)) + id.substring(slash) + ' ';
  }

  private String claim(String id) {
    Instant forgetAfter = state.store().claims().get(id);
    return forgetAfter == null ? "" : "C" + nanos(forgetAfter);
  }

  private String arrival(Arrival arrival) {
    return "A" + nanos(arrival.at()) + '/' + arrival.calls() + ' ';
  }

  private int version(String version) {
    return versions.computeIfAbsent(version, _ -> versions.size());
  }

  private void time(Instant time) {
    key.append(' ').append(nanos(time));
  }

  private long nanos(Instant time) {
    return Duration.between(state.now(), time).toNanos();
  }
}
