package dev.signrelay.dispatch;

import static dev.signrelay.limit.GrantWindow.AHEAD;

import dev.signrelay.app.Services;
import dev.signrelay.dispatch.Departure.Candidate;
import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.queue.Line.Waiting;
import dev.signrelay.queue.MalformedJobException;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes jobs from the line, up to ten at a time: receives them, takes as many grants, sends them to
 * the retry queue and removes them from the line. A job leaves the line only when the retry queue
 * has stored it.
 */
final class Lane {

  /**
   * @param failure that ended the lane; null: none
   */
  record Result(int dispatched, @Nullable RuntimeException failure) {}

  /** The most that SQS receives, sends or deletes in a request. */
  private static final int MAX_BATCH = 10;

  /** The longest request. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  private final Services services;
  private final AtomicLong free;
  private final Instant deadline;
  private final int batch;

  /** Grants that no job has yet: those of a batch whose jobs expire before them are left over. */
  private final Queue<Grant> grants = new ArrayDeque<>();

  private int dispatched;

  /**
   * @param free how many grants are left, shared by all lanes of a run
   * @param deadline when the lane has to end
   */
  Lane(Services services, AtomicLong free, Instant deadline) {
    this.services = services;
    this.free = free;
    this.deadline = deadline;
    this.batch = batch(services.config().upstream().callsPerMinute());
  }

  /**
   * If a run dies between taking grants and sending jobs, the grants are lost. A batch takes at
   * most half of the grants of a minute, so that the upstream is not left idle for a whole period
   * more.
   *
   * @param calls the limit; 0: none
   */
  private static int batch(int calls) {
    return calls == 0 ? MAX_BATCH : Math.clamp(calls / 2, 1, MAX_BATCH);
  }

  /**
   * Takes jobs until no grant is left, the line is empty, time is over or a request fails. An
   * unexpected exception ends this lane alone, with a {@link LaneFailedException}.
   */
  Result run() {
    try {
      while (timeout().isPositive() && takeBatch()) {
        // Until the lane is done.
      }
      return new Result(dispatched, null);
    } catch (LimiterUnavailableException | QueueUnavailableException e) {
      return new Result(dispatched, e);
    } catch (RuntimeException | Error e) {
      return new Result(dispatched, new LaneFailedException(e));
    }
  }

  /** Returns whether there may be more jobs and grants. */
  private boolean takeBatch() {
    removeNear();
    int reserved = grants.isEmpty() ? reserve() : 0;
    int most = reserved + grants.size();
    if (most == 0) {
      return false;
    }
    List<Waiting> received = services.line().receive(most, timeout());
    List<Candidate> jobs = jobs(received);
    int acquired = grants.isEmpty() ? acquire(jobs) : 0;
    // A receive may return less than it could.
    free.addAndGet(reserved - acquired);
    List<Departure> departures = Departure.of(jobs, grants, services.time().instant());
    if (!departures.isEmpty()) {
      send(departures);
    }
    return !received.isEmpty() && departures.size() == jobs.size();
  }

  /** A job would come too late for a grant that begins before it has left the queue. */
  private void removeNear() {
    Instant earliest = services.time().instant().plus(Grant.LEAD);
    grants.removeIf(grant -> grant.from().isBefore(earliest));
  }

  private int reserve() {
    long before = free.getAndUpdate(left -> Math.max(0, left - batch));
    return (int) Math.min(batch, before);
  }

  /** Takes a grant for each job that has not expired. Returns how many there were. */
  private int acquire(List<Candidate> jobs) {
    Instant now = services.time().instant();
    int wanted = (int) jobs.stream().filter(one -> !one.job().isExpired(now)).count();
    if (wanted > 0) {
      grants.addAll(services.limiter().acquireForLine(wanted, AHEAD, timeout()));
    }
    return grants.size();
  }

  private void send(List<Departure> departures) {
    List<Optional<QueueUnavailableException>> failures =
        services.queues().sendAll(departures.stream().map(Departure::decision).toList(), timeout());
    var sent = new ArrayList<Waiting>();
    for (int i = 0; i < departures.size(); i++) {
      if (failures.get(i).isEmpty()) {
        sent.add(departures.get(i).receipt());
      }
    }
    dispatched += sent.size();
    if (!sent.isEmpty()) {
      services.line().remove(sent, timeout());
    }
    failures.stream()
        .flatMap(Optional::stream)
        .findAny()
        .ifPresent(
            e -> {
              throw e;
            });
  }

  /** A message that is no job for the line stays there; SQS dead-letters it in the end. */
  private List<Candidate> jobs(List<Waiting> received) {
    var jobs = new ArrayList<Candidate>();
    for (Waiting waiting : received) {
      try {
        if (JobCodec.decode(waiting.body()) instanceof NeedsSignature job) {
          jobs.add(
              new Candidate(
                  waiting, waiting.redriven() ? job.fresh(services.time().instant()) : job));
        } else {
          services.log().write(FailureEvents.malformed(waiting.id(), "it has a signature"));
        }
      } catch (MalformedJobException e) {
        services.log().write(FailureEvents.malformed(waiting.id(), e.getMessage()));
      }
    }
    return jobs;
  }

  private Duration timeout() {
    return TimeSource.shorter(REQUEST_TIMEOUT, services.time().until(deadline));
  }
}
