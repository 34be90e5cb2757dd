package dev.signrelay.local.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.LogEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The histories of all jobs, and the newest requests to the callback inbox. It never drops a job
 * that is not over; of those that are over it drops the oldest beyond a bound. Readers poll for
 * what changed since they last did, and get the present state of each job, however many events led
 * to it.
 */
public final class Histories implements EventLog {

  /** The version of a reader that knows nothing. */
  public static final long NOTHING = -1;

  /** The maximum number of jobs that are over, except for a few that are dropped together. */
  static final int MAX_OVER = 2_000;

  static final int MAX_DELIVERIES = 1_000;

  /** After so many new jobs, those beyond the bound are dropped. */
  private static final int DROP_INTERVAL = 100;

  private record Numbered<T>(T value, long change) {}

  private final InstantSource clock;
  private final Consumer<JobEvent> keeper;
  private final Map<String, Numbered<JobHistory>> jobs = new LinkedHashMap<>();
  private final Deque<Numbered<JobEvent>> deliveries = new ArrayDeque<>();
  private long jobsSoFar;
  private long change;

  /** The last change that removed jobs. */
  private long removal;

  /**
   * @param keeper gets each event that is added
   */
  public Histories(InstantSource clock, Consumer<JobEvent> keeper) {
    this.clock = clock;
    this.keeper = keeper;
  }

  @Override
  public void write(LogEvent event) {
    add(JobEvent.of(event, clock.instant()));
  }

  /** Adds an event of this run. */
  public synchronized void add(JobEvent event) {
    if (!event.id().isEmpty() || event.name().equals(JobEvent.CALLBACK_ARRIVED)) {
      keeper.accept(event);
      apply(event, false);
    }
    notifyAll();
  }

  private void add(String id, String name) {
    add(JobEvent.of(id, clock.instant(), name));
  }

  /** Adds an event of a former run. */
  public synchronized void load(JobEvent event) {
    apply(event, true);
  }

  private void apply(JobEvent event, boolean ofFormerRun) {
    change++;
    switch (event.name()) {
      case JobEvent.CALLBACK_ARRIVED -> {
        deliveries.addLast(new Numbered<>(event, change));
        if (deliveries.size() > MAX_DELIVERIES) {
          deliveries.removeFirst();
        }
      }
      case JobEvent.CLEARED -> remove(List.of(event.id()));
      case String _ -> {
        Numbered<JobHistory> before = jobs.get(event.id());
        JobHistory job =
            before == null
                ? JobHistory.first(++jobsSoFar, event, ofFormerRun)
                : before.value().with(event, ofFormerRun);
        jobs.put(event.id(), new Numbered<>(job, change));
        if (before == null && jobsSoFar % DROP_INTERVAL == 0) {
          List<String> over = ids(JobHistory::isOver);
          remove(over.subList(0, Math.max(0, over.size() - MAX_OVER)));
        }
      }
    }
  }

  private void remove(Collection<String> ids) {
    removal = jobs.keySet().removeAll(Set.copyOf(ids)) ? change : removal;
  }

  /** In the order in which the jobs became known. */
  private List<String> ids(Predicate<JobHistory> wanted) {
    return jobs.values().stream().map(Numbered::value).filter(wanted).map(JobHistory::id).toList();
  }

  /** Removes all jobs that are over. */
  public synchronized void clear() {
    ids(JobHistory::isOver).forEach(id -> add(id, JobEvent.CLEARED));
  }

  /** The ids of the jobs that are dead letters. Each is in the dead-letter queue by now. */
  public synchronized Set<String> deadLetters() {
    return ids(job -> job.status().state().isDeadLetter()).stream().collect(Collectors.toSet());
  }

  /**
   * Notes that dead letters are no longer in the dead-letter queue: they were purged, or redriven
   * by another tool.
   *
   * @param ids those of jobs that are no dead letters are ignored
   */
  public synchronized void removed(Set<String> ids) {
    deadLetters().stream().filter(ids::contains).forEach(id -> add(id, JobEvent.REMOVED));
  }

  /**
   * Returns what changed, as JSON: {@code version} to ask for the next changes with; {@code known},
   * the ids of all jobs, if some may have been dropped; {@code jobs}; and {@code deliveries}, the
   * requests to the inbox, in order.
   *
   * @param timeout the maximum time to wait if nothing has yet
   */
  public ObjectNode after(long version, Duration timeout) throws InterruptedException {
    ObjectNode changes = Json.object();
    List<Numbered<JobHistory>> changed;
    List<Numbered<JobEvent>> arrived;
    synchronized (this) { // takes little time, because writers wait for it
      if (version == change) {
        wait(timeout.toMillis());
      }
      changes.put("version", change);
      if (removal > version) {
        jobs.keySet().forEach(changes.putArray("known")::add);
      }
      changed = jobs.values().stream().filter(job -> job.change() > version).toList();
      arrived = deliveries.stream().filter(delivery -> delivery.change() > version).toList();
    }
    changed.forEach(job -> changes.withArray("jobs").add(job.value().json()));
    arrived.forEach(delivery -> changes.withArray("deliveries").add(json(delivery)));
    return changes;
  }

  private static ObjectNode json(Numbered<JobEvent> delivery) {
    JobEvent event = delivery.value();
    return event
        .fields()
        .deepCopy()
        .put("number", delivery.change())
        .put("at", event.at().toEpochMilli())
        .put("job", event.id());
  }
}
