package dev.signrelay.retry;

import dev.signrelay.app.Services;
import dev.signrelay.attempt.CallSource;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.Job;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.queue.MalformedJobException;
import dev.signrelay.queue.ReceivedMessage;
import dev.signrelay.retry.StepResult.Done;
import dev.signrelay.retry.StepResult.Failed;
import dev.signrelay.retry.StepResult.NeedsRequeue;
import dev.signrelay.retry.StepResult.Stays;
import dev.signrelay.telemetry.AttemptEvents;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Steps of jobs that run at the same time, each on a thread of its own, and what follows from them.
 * Requeued jobs that complete within a few milliseconds, or while a request is under way, share a
 * request.
 *
 * <p>Steps may be started by several threads. One thread {@linkplain #handle handles} those that
 * complete.
 */
public final class RunningSteps implements AutoCloseable {

  /** What becomes of the messages whose steps are complete. */
  public interface Messages {

    /** Their jobs are stored elsewhere or done. Called by several threads. */
    void acknowledge(List<ReceivedMessage> messages);

    /**
     * No call was free for their jobs. By default, they are received again when they are visible.
     * Jobs that stay for another reason are not released: the next attempt would fail, too, and SQS
     * counts receives.
     */
    default void release(List<ReceivedMessage> messages) {}
  }

  /**
   * Jobs that are requeued within this time of each other share a request. Waiting costs nothing
   * while other steps run: the invocation continues anyway.
   */
  private static final Duration SENT_TOGETHER = Duration.ofMillis(50);

  /** The same for jobs that have waited in line. */
  private static final Duration SENT_TOGETHER_FROM_LINE = Duration.ofMillis(500);

  /** The longest send of jobs that were in line. */
  private static final Duration SEND_FROM_LINE = Duration.ofSeconds(10);

  private static final Duration NOTE_TIMEOUT = Duration.ofSeconds(1);

  /** The most messages of a request to SQS. */
  private static final int MAX_BATCH = 10;

  /**
   * A step that has ended.
   *
   * @param result null: not a step, but the end of the handling of some
   */
  private record Completed(ReceivedMessage message, @Nullable StepResult result) {

    static final Completed HANDLED = new Completed(new ReceivedMessage("", "", "", false), null);
  }

  private final Services services;
  private final Instant deadline;
  private final boolean inLine;
  private final Duration sentTogether;
  private final Messages messages;
  private final ExecutorService threads;
  private final BlockingQueue<Completed> completed = new LinkedBlockingQueue<>();
  private final AtomicInteger running = new AtomicInteger();

  /**
   * @param inLine whether the jobs are in line, where they stay if they are granted no call
   * @param deadline when all steps have to be complete
   */
  public RunningSteps(Services services, boolean inLine, Instant deadline, Messages messages) {
    this.services = services;
    this.deadline = deadline;
    this.inLine = inLine;
    this.sentTogether = inLine ? SENT_TOGETHER_FROM_LINE : SENT_TOGETHER;
    this.messages = messages;
    this.threads = services.time().newExecutor();
  }

  /**
   * The job of a message. A redriven one begins anew.
   *
   * @return empty if the message is not a job. It is dead-lettered and acknowledged then.
   */
  public Optional<Job> decode(ReceivedMessage message) {
    try {
      Job job = JobCodec.decode(message.body());
      return Optional.of(message.redriven() ? job.fresh(services.time().instant()) : job);
    } catch (MalformedJobException e) {
      deadLetter(message, e.getMessage());
      return Optional.empty();
    }
  }

  private void deadLetter(ReceivedMessage message, String error) {
    var event = FailureEvents.malformed(message.id(), error);
    try {
      services.queues().deadLetter(message, error, sendTimeout());
      messages.acknowledge(List.of(message));
      services.log().write(event.counted(Metric.DEAD_LETTER_MALFORMED));
    } catch (QueueUnavailableException e) {
      services.log().write(FailureEvents.queueUnavailable(event, e));
    }
  }

  /**
   * Starts a step.
   *
   * @param until when the step has to be complete; not after the deadline of all
   * @param calls where a signing attempt gets its grant from
   * @param onEnd runs on the step's thread when it has ended
   */
  public void start(
      ReceivedMessage message, Job job, Instant until, CallSource calls, Runnable onEnd) {
    running.incrementAndGet();
    var step = new JobStep(services, inLine, until);
    threads.execute(
        () -> {
          StepResult result = run(step, job, calls);
          onEnd.run();
          completed.add(new Completed(message, result));
        });
  }

  private StepResult run(JobStep step, Job job, CallSource calls) {
    try {
      return step.run(job, calls);
    } catch (RuntimeException | Error e) {
      services.log().write(FailureEvents.unexpected(job.id(), e));
      return new Failed();
    }
  }

  /** How many steps have not been handled. */
  public int running() {
    return running.get();
  }

  /**
   * Waits for a step to complete, and handles it on another thread together with those that
   * complete soon.
   *
   * @param timeout the longest wait
   * @return false if nothing happened in time
   */
  public boolean handle(Duration timeout) throws InterruptedException {
    TimeSource time = services.time();
    Completed next = time.poll(completed, TimeSource.shorter(timeout, time.until(deadline)));
    if (next == null || next.result() == null) {
      return next != null;
    }
    Instant together = time.instant().plus(sentTogether);
    var steps = new ArrayList<Completed>();
    while (next != null) {
      if (next.result() != null) {
        steps.add(next);
      }
      boolean mayBeJoined =
          next.result() instanceof NeedsRequeue
              && steps.size() < Math.min(MAX_BATCH, running.get());
      next =
          mayBeJoined
              ? time.poll(completed, TimeSource.shorter(time.until(together), time.until(deadline)))
              : steps.size() < MAX_BATCH ? completed.poll() : null;
    }
    threads.execute(
        () -> {
          handle(steps);
          running.addAndGet(-steps.size());
          completed.add(Completed.HANDLED);
        });
    return true;
  }

  private void handle(List<Completed> steps) {
    var done = new ArrayList<ReceivedMessage>();
    var released = new ArrayList<ReceivedMessage>();
    var requeued = new ArrayList<Completed>();
    for (Completed one : steps) {
      switch (Objects.requireNonNull(one.result())) {
        case Done _ -> done.add(one.message());
        case NeedsRequeue _ -> requeued.add(one);
        case Stays(var attempt) -> {
          services.log().write(AttemptEvents.staysInLine(attempt));
          if (attempt.result() instanceof NotGranted) {
            released.add(one.message());
          }
        }
        case Failed _ -> {}
      }
    }
    // The send can take all the time that is left. What is done must not be repeated because of it.
    inBatches(done, messages::acknowledge);
    requeue(requeued);
    inBatches(released, messages::release);
  }

  private interface Request {
    void send(List<ReceivedMessage> batch);
  }

  private static void inBatches(List<ReceivedMessage> all, Request request) {
    for (int from = 0; from < all.size(); from += MAX_BATCH) {
      request.send(all.subList(from, Math.min(from + MAX_BATCH, all.size())));
    }
  }

  /**
   * Sends jobs on that need no step.
   *
   * @param waiting the messages with the decisions on their jobs
   */
  void requeueAll(List<ReceivedMessage> waiting, List<NeedsRequeue> decisions) {
    var jobs = new ArrayList<Completed>();
    for (int i = 0; i < waiting.size(); i++) {
      jobs.add(new Completed(waiting.get(i), decisions.get(i)));
    }
    requeue(jobs);
  }

  /** Sends jobs on, and acknowledges the messages of those that are stored. */
  private void requeue(List<Completed> jobs) {
    List<Completed> stored = send(jobs);
    inBatches(stored.stream().map(Completed::message).toList(), messages::acknowledge);
    noteJoined(stored);
  }

  /** Returns those that are stored. */
  private List<Completed> send(List<Completed> jobs) {
    if (jobs.isEmpty()) {
      return List.of();
    }
    List<NeedsRequeue> results =
        jobs.stream().map(Completed::result).map(NeedsRequeue.class::cast).toList();
    List<Requeue> decisions = results.stream().map(NeedsRequeue::decision).toList();
    List<Optional<QueueUnavailableException>> failures;
    try {
      failures = services.queues().sendAll(decisions, sendTimeout());
    } catch (RuntimeException | Error e) {
      decisions.forEach(d -> services.log().write(FailureEvents.unexpected(d.job().id(), e)));
      return List.of();
    }
    var stored = new ArrayList<Completed>();
    for (int i = 0; i < jobs.size(); i++) {
      NeedsRequeue result = results.get(i);
      services
          .log()
          .write(
              failures
                  .get(i)
                  .map(e -> AttemptEvents.notQueued(result.attempt(), result.decision(), e))
                  .orElseGet(() -> AttemptEvents.carriedOut(result.attempt(), result.decision())));
      if (failures.get(i).isEmpty()) {
        stored.add(jobs.get(i));
      }
    }
    return stored;
  }

  /** If this fails, the next run of DispatchFunction counts the jobs. */
  private void noteJoined(List<Completed> stored) {
    for (Completed one : stored) {
      if (one.result() instanceof NeedsRequeue(var attempt, var decision)
          && decision.queue() == JobQueue.LINE
          && attempt instanceof Signing signing
          && signing.result() instanceof NotGranted) {
        Duration timeout = TimeSource.shorter(NOTE_TIMEOUT, services.time().until(deadline));
        try {
          services.limiter().noteJoined(timeout);
        } catch (LimiterUnavailableException e) {
          services.log().write(FailureEvents.lineNotNoted(signing.id(), e));
          return;
        }
      }
    }
  }

  /** A message of the line must not be received again while its job is being sent on. */
  private Duration sendTimeout() {
    Duration left = services.time().until(deadline);
    return inLine ? TimeSource.shorter(SEND_FROM_LINE, left) : left;
  }

  /** Interrupts the steps that still run. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
