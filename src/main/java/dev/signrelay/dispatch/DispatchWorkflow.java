package dev.signrelay.dispatch;

import dev.signrelay.app.Services;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.queue.ReceivedMessage;
import dev.signrelay.retry.RunningSteps;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of DispatchFunction, which drains the line: it waits for the next free call, receives as
 * many jobs as calls are free, takes a grant for each of them and calls the upstream at once.
 * Outcomes are handled as in RetryFunction.
 *
 * <p>Runs may overlap, and a run may be late or missing: the rate limiter and the queue divide the
 * work among them. The jobs that a failed run holds stay in line; at most their grants are lost. If
 * a job's message is not removed after the call, the job is handled twice.
 */
public final class DispatchWorkflow {

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  /** Reserved at the end for the steps of received jobs, besides the timeout of their calls. */
  private static final Duration STEP_RESERVE = Duration.ofSeconds(45);

  private final Services services;
  private final int megabytes;
  private final Instant latest;
  private final Instant deadline;
  private final AtomicInteger dispatched = new AtomicInteger();
  private final LongAccumulator oldest = new LongAccumulator(Math::max, -1);
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

  /**
   * @param time after which all steps have to be complete
   * @param megabytes the function's memory
   */
  public DispatchWorkflow(Services services, Duration time, int megabytes) {
    this.services = services;
    this.megabytes = megabytes;
    Instant now = services.time().instant();
    Duration step = services.config().upstream().retryTimeout().plus(STEP_RESERVE);
    this.deadline = now.plus(time);
    this.latest = deadline.minus(step);
  }

  /**
   * The result of one run: the data of its log event.
   *
   * @param waiting the approximate number of jobs in line at the beginning; -1: unknown
   * @param expectedWait the estimated wait of a job that joins the line at the beginning
   * @param oldest how long the oldest received job had been in line, in seconds; -1: none was
   *     received. That says nothing about the line, so no age is reported
   * @param dispatched how many jobs left the line
   * @param failure a failure of the rate limiter, the line or the read of the API key; null: none
   */
  public record Result(
      long waiting,
      Duration expectedWait,
      long oldest,
      int dispatched,
      @Nullable RuntimeException failure) {

    private LogEvent event() {
      LogEvent event = LogEvent.of(Level.INFO, "dispatch").measured(Metric.DISPATCHED, dispatched);
      if (waiting >= 0) {
        event =
            event
                .measured(Metric.LINE_LENGTH, waiting)
                .measured(Metric.LINE_WAIT, expectedWait.toSeconds());
      }
      if (oldest >= 0) {
        event = event.measured(Metric.LINE_AGE, oldest);
      }
      return switch (failure) {
        case null -> event;
        case LimiterUnavailableException e -> FailureEvents.limiterUnavailable(event, e);
        case QueueUnavailableException e -> FailureEvents.queueUnavailable(event, e);
        case SecretUnavailableException _ ->
            event.atLeast(Level.ERROR).with("error", "the upstream key is unavailable");
        case RuntimeException e -> event.atLeast(Level.ERROR).with("error", e.getMessage());
      };
    }
  }

  /** Runs once and writes one log event. */
  public Result run() {
    Result result;
    try {
      services.signer().prepare(timeout());
      long waiting = twice(() -> services.line().length(timeout()));
      Duration wait = twice(() -> services.limiter().noteLine(waiting, timeout()));
      drain(waiting);
      result = new Result(waiting, wait, oldest.get(), dispatched.get(), failure.get());
    } catch (LimiterUnavailableException
        | QueueUnavailableException
        | SecretUnavailableException e) {
      result = new Result(-1, Duration.ZERO, -1, 0, e);
    }
    services.log().write(result.event());
    return result;
  }

  /**
   * Tries twice, because a failed run loses a minute's calls. If this process's clock is wrong, the
   * process ends after the second failure.
   */
  private static <T> T twice(Supplier<T> request) {
    try {
      return request.get();
    } catch (LimiterUnavailableException | QueueUnavailableException _) {
      return request.get();
    }
  }

  private void drain(long waiting) {
    ExecutorService threads = services.time().newExecutor();
    try {
      var steps = new RunningSteps(services, true, deadline, this::acknowledge, this::release);
      var drain =
          new LineDrain(services, steps, threads, this::noteAges, waiting, latest, megabytes);
      var drained = new AtomicBoolean();
      threads.execute(
          () -> {
            failure.compareAndSet(null, drain.run());
            drained.set(true);
          });
      steps.carryOutAll(drained::get);
    } finally {
      threads.shutdownNow();
    }
  }

  private Duration timeout() {
    return TimeSource.shorter(REQUEST_TIMEOUT, services.time().until(latest));
  }

  /** The metric of SQS leaves out messages that were received three times (developer guide). */
  private void noteAges(List<ReceivedMessage> messages) {
    for (ReceivedMessage message : messages) {
      if (message.enqueuedAt() != null) {
        oldest.accumulate(Math.max(0, -services.time().until(message.enqueuedAt()).toSeconds()));
      }
    }
  }

  /** A message that is not removed is received again, and its job handled twice. */
  private void acknowledge(List<ReceivedMessage> messages) {
    dispatched.addAndGet(messages.size());
    attempt(timeout -> services.line().remove(messages, timeout));
  }

  private void release(List<ReceivedMessage> messages) {
    attempt(timeout -> services.line().release(messages, timeout));
  }

  private void attempt(Consumer<Duration> request) {
    try {
      request.accept(TimeSource.shorter(REQUEST_TIMEOUT, services.time().until(deadline)));
    } catch (QueueUnavailableException e) {
      failure.set(e);
    }
  }
}
