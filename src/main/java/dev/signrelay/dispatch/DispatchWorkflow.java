package dev.signrelay.dispatch;

import static dev.signrelay.limit.GrantWindow.AHEAD;

import dev.signrelay.app.Services;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.limit.RateLimiter.LineStatus;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One run of DispatchFunction: gives the jobs at the head of the line the grants of the {@linkplain
 * dev.signrelay.limit.GrantWindow#AHEAD next two minutes} and sends them to the retry queue, from
 * which each returns shortly before its grant begins.
 *
 * <p>Runs may overlap, come late or not at all: the rate limiter and the queue divide the work
 * among them, and one run covers the time until the run after the next. A run that fails or dies
 * leaves the jobs that it has not sent in line. A job that was sent but not removed is handled
 * twice.
 */
public final class DispatchWorkflow {

  /** The longest request before the lanes begin. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  /** A lane moves ten jobs in about 50 ms. */
  private static final int JOBS_PER_LANE = 200;

  private static final int MAX_LANES = 16;

  private final Services services;
  private final Instant deadline;

  /**
   * @param time when the run has to end
   */
  public DispatchWorkflow(Services services, Duration time) {
    this.services = services;
    this.deadline = services.time().instant().plus(time);
  }

  /**
   * Runs once and writes one log event.
   *
   * @throws LaneFailedException if a lane failed unexpectedly
   */
  public DispatchResult run() {
    DispatchResult result;
    try {
      long waiting = services.line().length(timeout());
      LineStatus line = services.limiter().noteLine(waiting, AHEAD, timeout());
      // Without a limit, jobs that come back must not be taken again and again in one run.
      int most = Math.min(line.free(), Math.clamp(waiting, JOBS_PER_LANE, Integer.MAX_VALUE));
      result = drain(new DispatchResult(waiting, line.expectedWait(), 0, null), most);
    } catch (LimiterUnavailableException | QueueUnavailableException e) {
      result = DispatchResult.failed(e);
    }
    services.log().write(DispatchEvents.of(result));
    if (result.failure() instanceof LaneFailedException e) {
      throw e;
    }
    return result;
  }

  /** Drains the line in lanes that run at the same time. */
  private DispatchResult drain(DispatchResult begun, int grants) {
    BlockingQueue<Lane.Result> ended = new LinkedBlockingQueue<>();
    var free = new AtomicLong(grants);
    ExecutorService threads = services.time().newExecutor();
    DispatchResult result = begun;
    try {
      int lanes = lanes(Math.min(begun.waiting(), grants));
      for (int i = 0; i < lanes; i++) {
        threads.execute(() -> ended.add(new Lane(services, free, deadline).run()));
      }
      for (int i = 0; i < lanes; i++) {
        Lane.Result lane = services.time().poll(ended, services.time().until(deadline));
        if (lane == null) {
          return result;
        }
        result = result.with(lane);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      threads.shutdownNow();
    }
    return result;
  }

  /** The queue's count of jobs is approximate, so one lane looks even if it is zero. */
  private static int lanes(long jobs) {
    return Math.clamp(Math.ceilDiv(jobs, JOBS_PER_LANE), 1, MAX_LANES);
  }

  private Duration timeout() {
    return TimeSource.shorter(REQUEST_TIMEOUT, services.time().until(deadline));
  }
}
