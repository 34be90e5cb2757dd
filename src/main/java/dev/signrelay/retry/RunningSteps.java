package dev.signrelay.retry;

import dev.signrelay.app.Services;
import dev.signrelay.attempt.JobSigner.CallSource;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.queue.ReceivedMessage;
import dev.signrelay.retry.JobStep.Result.Done;
import dev.signrelay.retry.JobStep.Result.Failed;
import dev.signrelay.retry.JobStep.Result.NeedsRequeue;
import dev.signrelay.retry.JobStep.Result.Released;
import dev.signrelay.telemetry.AttemptEvents;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Runs steps of jobs at the same time, each on a thread of its own, and carries out their results:
 * a message is acknowledged, or released, or its job is requeued and then the message acknowledged.
 * Several threads may start steps.
 */
public final class RunningSteps {

  /**
   * Jobs that are requeued within this time of the first of them share a request. Waiting costs
   * nothing while other steps run: the invocation continues anyway.
   */
  private static final Duration SENT_TOGETHER = Duration.ofMillis(100);

  /** Replaces {@link #SENT_TOGETHER} for jobs from the line. */
  private static final Duration SENT_TOGETHER_FROM_LINE = Duration.ofMillis(500);

  private static final Duration SEND_FROM_LINE = Duration.ofSeconds(10);

  private static final Duration NOTE_TIMEOUT = Duration.ofSeconds(1);

  /** The longest wait for the first step of a group. */
  private static final Duration IDLE = Duration.ofSeconds(1);

  /** The most messages of a request to SQS (Amazon SQS API reference, SendMessageBatch). */
  private static final int MAX_BATCH = 10;

  private record Completed(ReceivedMessage message, JobStep.Result result) {}

  private record Requeued(ReceivedMessage message, NeedsRequeue result) {}

  private final Services services;
  private final Instant deadline;
  private final boolean inLine;
  private final Consumer<List<ReceivedMessage>> acknowledge;
  private final Consumer<List<ReceivedMessage>> release;
  private final ExecutorService threads;

  /** Steps that have ended. An empty element means that results have been carried out. */
  private final BlockingQueue<Optional<Completed>> completed = new LinkedBlockingQueue<>();

  private final AtomicInteger running = new AtomicInteger();

  /**
   * @param inLine whether the jobs are in line, where they stay if they are granted no call
   * @param deadline when all steps have to be complete
   * @param acknowledge takes messages whose jobs are done or stored again, on several threads
   * @param release takes messages of jobs that stay in line, on several threads
   */
  public RunningSteps(
      Services services,
      boolean inLine,
      Instant deadline,
      Consumer<List<ReceivedMessage>> acknowledge,
      Consumer<List<ReceivedMessage>> release) {
    this.services = services;
    this.deadline = deadline;
    this.inLine = inLine;
    this.acknowledge = acknowledge;
    this.release = release;
    this.threads = services.time().newExecutor();
  }

  /**
   * Starts the step of a message's job.
   *
   * @param source where the message was received
   * @param until when the step has to be complete; not after the deadline of all
   * @param calls where a signing attempt gets its grant from
   * @param onEnd runs when the step has ended, usually on its thread
   */
  public void start(
      ReceivedMessage message, JobQueue source, Instant until, CallSource calls, Runnable onEnd) {
    running.incrementAndGet();
    var step = new JobStep(services, source, until, calls);
    try {
      threads.execute(
          () -> {
            JobStep.Result result = new Failed();
            try {
              result = step.run(message);
            } finally {
              end(message, result, onEnd);
            }
          });
    } catch (OutOfMemoryError e) {
      // No thread can be started. The other steps go on.
      services.log().write(FailureEvents.unexpected("", e));
      end(message, new Failed(), onEnd);
    }
  }

  private void end(ReceivedMessage message, JobStep.Result result, Runnable onEnd) {
    onEnd.run();
    completed.add(Optional.of(new Completed(message, result)));
  }

  /** The number of steps that run, or whose results have not been carried out yet. */
  public int running() {
    return running.get();
  }

  /**
   * Carries out the result of each step, until no step runs and no further one is started, or until
   * the deadline. Then interrupts the steps that still run.
   *
   * @param allStarted whether no further steps are started; asked at least every two seconds
   */
  public void carryOutAll(BooleanSupplier allStarted) {
    TimeSource time = services.time();
    try {
      // Asked first: steps may be started before it returns true, and none after it.
      while ((!allStarted.getAsBoolean() || running.get() > 0)
          && time.until(deadline).isPositive()) {
        List<Completed> steps = awaitGroup(time);
        if (!steps.isEmpty()) {
          startCarryingOut(steps);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      threads.shutdownNow();
    }
  }

  private void startCarryingOut(List<Completed> steps) {
    Runnable task =
        () -> {
          try {
            carryOut(steps);
          } finally {
            running.addAndGet(-steps.size());
            completed.add(Optional.empty());
          }
        };
    try {
      threads.execute(task);
    } catch (OutOfMemoryError e) {
      // No thread can be started. The steps that run go on meanwhile.
      services.log().write(FailureEvents.unexpected("", e));
      task.run();
    }
  }

  /** Waits for a step to complete. Returns it with those that complete soon after; empty: none. */
  private List<Completed> awaitGroup(TimeSource time) throws InterruptedException {
    var group = new ArrayList<Completed>();
    Optional<Completed> next = time.poll(completed, TimeSource.shorter(IDLE, time.until(deadline)));
    Duration longest = inLine ? SENT_TOGETHER_FROM_LINE : SENT_TOGETHER;
    Instant end = time.instant().plus(TimeSource.shorter(longest, time.until(deadline)));
    while (next != null) {
      next.ifPresent(group::add);
      boolean mayBeJoined =
          !group.isEmpty()
              && group.getLast().result() instanceof NeedsRequeue
              && group.size() < running.get();
      Duration wait = mayBeJoined ? time.until(end) : Duration.ZERO;
      next = group.size() < MAX_BATCH ? time.poll(completed, wait) : null;
    }
    return group;
  }

  private void carryOut(List<Completed> steps) {
    var done = new ArrayList<ReceivedMessage>();
    var released = new ArrayList<ReceivedMessage>();
    var requeued = new ArrayList<Requeued>();
    for (Completed step : steps) {
      switch (step.result()) {
        case Done _ -> done.add(step.message());
        case NeedsRequeue result -> requeued.add(new Requeued(step.message(), result));
        case Released _ -> released.add(step.message());
        case Failed _ -> {}
      }
    }
    // Before the send, which can take all the time: steps that are done must not be repeated.
    if (!done.isEmpty()) {
      acknowledge.accept(done);
    }
    List<Requeued> stored = requeued.isEmpty() ? List.of() : send(requeued);
    if (!stored.isEmpty()) {
      acknowledge.accept(stored.stream().map(Requeued::message).toList());
      noteJoined(stored);
    }
    if (!released.isEmpty()) {
      release.accept(released);
    }
  }

  /** Sends requeued jobs. Returns those that the queue confirmed. */
  private List<Requeued> send(List<Requeued> jobs) {
    List<Requeue> decisions = jobs.stream().map(job -> job.result().decision()).toList();
    List<Optional<QueueUnavailableException>> failures;
    try {
      failures = services.queues().sendAll(decisions, sendTimeout());
    } catch (RuntimeException | Error e) {
      decisions.forEach(d -> services.log().write(FailureEvents.unexpected(d.job().id(), e)));
      return List.of();
    }
    var stored = new ArrayList<Requeued>();
    for (int i = 0; i < jobs.size(); i++) {
      NeedsRequeue sent = jobs.get(i).result();
      Optional<QueueUnavailableException> failure = failures.get(i);
      if (failure.isEmpty()) {
        services.log().write(AttemptEvents.carriedOut(sent.attempt(), sent.decision()));
        stored.add(jobs.get(i));
      } else {
        services
            .log()
            .write(AttemptEvents.notQueued(sent.attempt(), sent.decision(), failure.get()));
      }
    }
    return stored;
  }

  /** Notes that jobs joined the line. If this fails, the next drain run counts them. */
  private void noteJoined(List<Requeued> stored) {
    List<String> ids =
        stored.stream()
            .map(Requeued::result)
            .filter(RunningSteps::hasJoined)
            .map(one -> one.attempt().id())
            .toList();
    if (ids.isEmpty()) {
      return;
    }
    Duration timeout = TimeSource.shorter(NOTE_TIMEOUT, services.time().until(deadline));
    try {
      services.limiter().noteJoined(ids.size(), timeout);
    } catch (LimiterUnavailableException e) {
      services.log().write(FailureEvents.lineNotNoted(ids.getFirst(), e));
    }
  }

  private static boolean hasJoined(NeedsRequeue result) {
    return result.decision().queue() == JobQueue.LINE
        && result.attempt() instanceof Signing(_, NotGranted _);
  }

  /** A message of the line must not be received again while its job is being sent on. */
  private Duration sendTimeout() {
    Duration left = services.time().until(deadline);
    return inLine ? TimeSource.shorter(SEND_FROM_LINE, left) : left;
  }
}
