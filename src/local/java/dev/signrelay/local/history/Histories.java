package dev.signrelay.local.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.LogEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The histories of all jobs. It never drops a job that is not over; of those that are over it drops
 * the oldest beyond a bound. Readers poll for what changed since they last did, and get the present
 * state of each job, however many events led to it.
 */
public final class Histories implements EventLog {

  /** The maximum number of jobs that are over, except for a few that are dropped together. */
  static final int MAX_OVER = 2_000;

  /** After so many new jobs, those beyond the bound are dropped. */
  private static final int DROP_INTERVAL = 100;

  /**
   * What changed.
   *
   * @param version to ask for the next changes with
   * @param known the ids of all jobs, if some may have been dropped; otherwise null
   * @param line the ids of the jobs in line, in order
   */
  public record Changes(
      Version version,
      @Nullable List<String> known,
      List<ObjectNode> jobs,
      Collection<ObjectNode> deliveries,
      List<String> line) {}

  /** A reader's position. */
  public record Version(long change, long removal, long delivery) {

    /** Of a reader that knows nothing. */
    public static final Version NONE = new Version(0, -1, 0);
  }

  private record Entry(JobHistory job, long change) {}

  private record Snapshot(
      Version version,
      @Nullable List<String> known,
      List<JobHistory> changed,
      Collection<ObjectNode> deliveries,
      List<String> line) {}

  private final InstantSource clock;
  private final Consumer<JobEvent> keeper;
  private final Map<String, Entry> jobs = new LinkedHashMap<>();
  private final Inbox inbox = new Inbox();
  private long jobsSoFar;
  private long change;
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

  /** Adds an event of a former run. */
  public synchronized void load(JobEvent event) {
    apply(event, true);
  }

  private void apply(JobEvent event, boolean ofFormerRun) {
    if (event.name().equals(JobEvent.CALLBACK_ARRIVED)) {
      inbox.add(event);
    }
    Entry before = jobs.get(event.id());
    if (event.name().equals(JobEvent.CLEARED)) {
      removal += jobs.remove(event.id()) == null ? 0 : 1;
    } else if (before != null) {
      jobs.put(event.id(), new Entry(before.job().with(event, ofFormerRun), ++change));
    } else if (!event.name().equals(JobEvent.CALLBACK_ARRIVED)) {
      jobs.put(event.id(), new Entry(JobHistory.first(++jobsSoFar, event, ofFormerRun), ++change));
      dropOldest();
    }
  }

  /** Drops jobs that are over, in the order in which they became known. */
  private void dropOldest() {
    if (jobsSoFar % DROP_INTERVAL == 0) {
      List<String> over = over();
      List<String> oldest = over.subList(0, Math.max(0, over.size() - MAX_OVER));
      oldest.forEach(jobs::remove);
      removal += oldest.size();
    }
  }

  private List<String> over() {
    return jobs.values().stream()
        .map(Entry::job)
        .filter(JobHistory::isOver)
        .map(JobHistory::id)
        .toList();
  }

  /** Removes all jobs that are over. */
  public synchronized void clear() {
    over().forEach(id -> add(JobEvent.of(id, clock.instant(), JobEvent.CLEARED)));
  }

  /** The ids of the jobs that are dead letters. Each is in the dead-letter queue by now. */
  public synchronized Set<String> deadLetters() {
    return jobs.values().stream()
        .map(Entry::job)
        .filter(job -> job.status().state().isDeadLetter())
        .map(JobHistory::id)
        .collect(Collectors.toSet());
  }

  /**
   * Notes that dead letters are no longer in the dead-letter queue: they were purged, or redriven
   * by another tool.
   *
   * @param ids those of jobs that are no dead letters are ignored
   */
  public synchronized void removed(Set<String> ids) {
    deadLetters().stream()
        .filter(ids::contains)
        .forEach(id -> add(JobEvent.of(id, clock.instant(), JobEvent.REMOVED)));
  }

  /**
   * Returns what changed.
   *
   * @param timeout the maximum time to wait if nothing has yet
   */
  public Changes after(Version version, Duration timeout) throws InterruptedException {
    Snapshot now = snapshot(version, timeout);
    return new Changes(
        now.version(),
        now.known(),
        now.changed().stream().map(JobHistory::json).toList(),
        now.deliveries(),
        now.line());
  }

  /** Takes little time, because writers wait for it. */
  private synchronized Snapshot snapshot(Version version, Duration timeout)
      throws InterruptedException {
    if (version.equals(version())) {
      wait(timeout.toMillis());
    }
    return new Snapshot(
        version(),
        version.removal() == removal ? null : List.copyOf(jobs.keySet()),
        jobs.values().stream()
            .filter(entry -> entry.change() > version.change())
            .sorted(Comparator.comparingLong(Entry::change))
            .map(Entry::job)
            .toList(),
        inbox.after(version.delivery()),
        line());
  }

  private Version version() {
    return new Version(change, removal, inbox.last());
  }

  /** The request of a job and a command that repeats it; empty: the request is unknown. */
  public synchronized Optional<ObjectNode> request(String id, String server) {
    return Optional.ofNullable(jobs.get(id))
        .flatMap(entry -> entry.job().request())
        .map(request -> request.fields().deepCopy().put("curl", CurlCommand.of(server, request)));
  }

  /** The ids of the jobs in line, in the order in which they joined it. */
  private List<String> line() {
    return jobs.values().stream()
        .map(Entry::job)
        .filter(job -> job.status().inLineSince() != null)
        .sorted(Comparator.comparing(job -> Objects.requireNonNull(job.status().inLineSince())))
        .map(JobHistory::id)
        .toList();
  }
}
