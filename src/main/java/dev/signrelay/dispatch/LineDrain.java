package dev.signrelay.dispatch;

import dev.signrelay.app.Services;
import dev.signrelay.http.HttpClients;
import dev.signrelay.limit.RateLimiter.FreeCalls;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.queue.ReceivedMessage;
import dev.signrelay.retry.RunningSteps;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Receives jobs from the line, as many as calls are free soon, in batches that run at the same
 * time. Ends when the line is empty and at least a quarter of all calls are free, the time is over,
 * no call is free before then, or a later run has noted the line and this one was not full. If the
 * jobs at the head of the line need no calls, because they have expired, it receives as many as the
 * function can handle (flushing).
 *
 * <p>While fewer calls are free, the next request that is granted none starts a line, and all later
 * requests join it, even if calls are free by then. If the run had ended, their jobs would wait for
 * up to a minute, and then use up all calls.
 */
final class LineDrain {

  /** The next run begins at most 115 s after this one. */
  static final Duration LONGEST_RUN = Duration.ofSeconds(120);

  /** The most messages that a request can return (Amazon SQS API reference, ReceiveMessage). */
  private static final int BATCH = 10;

  /** How long before a call is free a job is received for it. */
  private static final Duration RECEIVE_AHEAD = Duration.ofSeconds(1);

  /** The time for the step of a received job, besides its call. */
  private static final Duration STEP = Duration.ofSeconds(20);

  /**
   * The visibility timeout of a received message, besides the time for its job's call: longer than
   * the step, sending the job on and removing the message usually take together. If each of these
   * requests takes its full timeout, the job can be handled twice.
   */
  private static final Duration HOLD = Duration.ofSeconds(45);

  /** The most steps that run at once. */
  private static final int MAX_RUNNING = HttpClients.MAX_CALLS;

  /**
   * The memory, in megabytes, for each call that begins in a second. More calls would connect too
   * late for their grants, which are valid for a second: a call takes up to 10 ms of a processor,
   * mostly for its TLS handshake, and one processor comes with 1,769 MB (AWS Lambda developer
   * guide, "Configure Lambda function memory").
   */
  static final double MEGABYTES_PER_CALL = 17.69;

  /** The number of batches at once while the jobs at the head of the line need no calls. */
  private static final int FLUSHING_BATCHES = 16;

  /**
   * How long nothing is received after the line was found empty: as long as other processes may
   * remember that jobs wait ({@code SharedSchedule}).
   */
  private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(10);

  /** Few calls are free if this many times their number is less than the calls per minute. */
  private static final int FEW = 4;

  /** The wait for the end of a step while {@link #MAX_RUNNING} steps run. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  private sealed interface Event {

    /** Received {@code count} of {@code most} jobs, for a {@code share} of the free calls. */
    record Received(int most, int share, int count) implements Event {}

    /** The steps that asked for grants have answers. {@code held} calls are held no longer. */
    record Granted(int held, int received, int asked) implements Event {}

    /**
     * The batch failed.
     *
     * @param cause null: an interruption, or an unexpected failure, which has been logged
     */
    record Failed(@Nullable RuntimeException cause) implements Event {}
  }

  private final Services services;
  private final RunningSteps steps;
  private final ExecutorService threads;
  private final Consumer<List<ReceivedMessage>> onReceived;
  private final Instant latest;

  /** The shortest time between two calls, on average. */
  private final Duration perCall;

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  /** The number of batches whose steps do not have their answers yet. */
  private int open;

  /** The number of free calls that are held for open batches. */
  private int held;

  /** The largest number of jobs that the present receive requests can return. */
  private int expected;

  /**
   * The most jobs that are received at once: at first the number that was counted, and more while
   * jobs are found. Otherwise a run with many free calls would send many requests to an empty line.
   */
  private int window;

  private boolean isFlushing;

  /** Whether too many steps ran, or began, to use all free calls since the line was last noted. */
  private boolean isFull;

  /**
   * Whether no further jobs are received: the line is empty and more than a few calls are free, no
   * call is free before the end, or a batch failed.
   */
  private boolean isComplete;

  /** Whether jobs were received since the line was found empty, or counted at the beginning. */
  private boolean hasFound;

  /** When the calls that were begun would be over, were each to begin after {@link #perCall}. */
  private Instant paced = Instant.MIN;

  /** When the line was last noted, as far as this run took notice. */
  private Instant noted;

  /** When this run ends, unless it notices a later one while it is full. */
  private Instant end;

  /** Nothing is received before this time, because the line was found empty. */
  private Instant emptyUntil = Instant.MIN;

  private @Nullable RuntimeException failure;

  /**
   * @param threads runs the batches
   * @param onReceived takes the messages of each batch, on several threads
   * @param waiting the number of jobs in line that this run has just noted
   * @param latest when the last batch may be received
   * @param megabytes the function's memory
   */
  LineDrain(
      Services services,
      RunningSteps steps,
      ExecutorService threads,
      Consumer<List<ReceivedMessage>> onReceived,
      long waiting,
      Instant latest,
      int megabytes) {
    this.services = services;
    this.steps = steps;
    this.threads = threads;
    this.onReceived = onReceived;
    this.hasFound = waiting > 0;
    this.window = Math.clamp(waiting, BATCH, MAX_RUNNING);
    this.noted = services.limiter().lastNote();
    this.latest = latest;
    double perSecond = Math.max(BATCH, megabytes / MEGABYTES_PER_CALL);
    this.perCall = Duration.ofNanos((long) (1e9 / perSecond));
    this.end = endOfRun();
  }

  private Instant endOfRun() {
    Instant usual = services.time().instant().plus(LONGEST_RUN);
    return usual.isBefore(latest) ? usual : latest;
  }

  /**
   * @return the failure of the rate limiter or the queue that ended it; null: none
   */
  @Nullable RuntimeException run() {
    try {
      while (open > 0 || !isOver()) {
        advance();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RejectedExecutionException _) {
      // The invocation is over: its threads have been shut down.
    } catch (RuntimeException | Error e) {
      services.log().write(FailureEvents.unexpected("", e));
    }
    return failure;
  }

  /** After a failure nothing further is received, and the open batches are completed. */
  private void advance() throws InterruptedException {
    try {
      Duration wait = isOver() ? REQUEST_TIMEOUT : receive();
      Event event = services.time().poll(events, wait);
      if (event != null) {
        handle(event);
      }
    } catch (LimiterUnavailableException e) {
      isComplete = true;
      failure = e;
    } catch (OutOfMemoryError e) {
      // Such as a thread that cannot be started.
      isComplete = true;
      services.log().write(FailureEvents.unexpected("", e));
    }
  }

  private boolean isOver() {
    return isComplete || !services.time().instant().isBefore(end);
  }

  /**
   * A run ends when a later one has noted the line. If it was full since the last note, it goes on
   * beside the later one. So there is one run more each minute, until their calls use the limit.
   */
  private void noticeLaterRun() {
    Instant last = services.limiter().lastNote();
    if (last.isAfter(noted)) {
      noted = last;
      isComplete |= !isFull;
      isFull = false;
      end = endOfRun();
    }
  }

  /** Starts batches for the calls that are free soon. Returns how long to wait for more. */
  private Duration receive() {
    FreeCalls calls = services.limiter().freeCalls(RECEIVE_AHEAD, REQUEST_TIMEOUT);
    noticeLaterRun();
    if (isOver()) {
      return Duration.ZERO;
    }
    if (wasFoundEmpty()) {
      return TimeSource.shorter(services.time().until(emptyUntil), services.time().until(end));
    }
    int most = Math.min(Math.max(0, MAX_RUNNING - steps.running() - expected), pace());
    int room = Math.clamp(window - expected, 0, most);
    int share = Math.clamp((long) calls.free() - held, 0, room);
    for (; share > 0; share -= BATCH) {
      start(Math.min(share, BATCH));
    }
    while (isFlushing && open < FLUSHING_BATCHES && most > 0) {
      start(0);
    }
    return TimeSource.shorter(waitFor(calls, most), services.time().until(end));
  }

  /** How many calls may begin now, in whole batches: those of one second at once. */
  private int pace() {
    Instant now = services.time().instant();
    paced = paced.isBefore(now) ? now : paced;
    long calls = Duration.between(paced, now.plusSeconds(1)).dividedBy(perCall);
    return Math.toIntExact(Math.max(0, calls / BATCH * BATCH));
  }

  private Duration waitFor(FreeCalls calls, int most) {
    if (calls.free() > held && most < BATCH) {
      isFull = true;
      return PAUSE;
    }
    Duration next = calls.nextIn().minus(RECEIVE_AHEAD);
    if (open == 0 && next.compareTo(services.time().until(end)) >= 0) {
      isComplete = true;
      return Duration.ZERO;
    }
    // While a batch is open, more calls may become free than it holds.
    return open > 0 || next.isNegative() ? RECEIVE_AHEAD : next;
  }

  /**
   * @param share how many free calls the batch may use; 0: it is flushing, and jobs that need calls
   *     stay in line
   */
  private void start(int share) {
    int most = isFlushing ? BATCH : share;
    threads.execute(() -> events.add(run(share, most)));
    open++;
    held += share;
    paced = paced.plus(perCall.multipliedBy(share));
    expected += most;
  }

  private Event run(int share, int most) {
    try {
      Duration call = services.config().upstream().retryTimeout();
      List<ReceivedMessage> received =
          services.line().receive(most, HOLD.plus(call), REQUEST_TIMEOUT);
      onReceived.accept(received);
      Instant until = services.time().instant().plus(STEP).plus(call);
      int used = Math.min(share, received.size());
      events.add(new Event.Received(most, share, received.size()));
      return new Event.Granted(
          used, received.size(), new LineBatch(services, steps, until).run(received));
    } catch (LimiterUnavailableException | QueueUnavailableException e) {
      return new Event.Failed(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Event.Failed(null);
    } catch (RuntimeException | Error e) {
      services.log().write(FailureEvents.unexpected("", e));
      return new Event.Failed(null);
    }
  }

  private void handle(Event event) {
    switch (event) {
      case Event.Received(int most, int share, int count) -> {
        expected -= most;
        window = count == 0 ? window : Math.min(window + 2 * most, MAX_RUNNING);
        int unused = Math.max(0, share - count);
        held -= unused;
        paced = paced.minus(perCall.multipliedBy(unused));
        // Flushing batches hold jobs and release them, so only other batches find the line empty.
        hasFound |= count > 0;
        if (count == 0 && most == share && !wasFoundEmpty()) {
          findEmpty();
        }
      }
      case Event.Granted(int used, int received, int asked) -> {
        open--;
        held -= used;
        isFlushing = received > 0 && asked == 0;
      }
      case Event.Failed(var cause) -> {
        open--;
        isComplete = true;
        failure = cause == null ? failure : cause;
      }
    }
  }

  private boolean wasFoundEmpty() {
    return services.time().instant().isBefore(emptyUntil);
  }

  /**
   * Notes that the line is empty. Other processes may remember for some seconds that jobs wait, and
   * send further jobs into it, so a run that has found jobs receives once more.
   */
  private void findEmpty() {
    noted = services.limiter().noteEmpty(noted, REQUEST_TIMEOUT);
    long free = services.limiter().freeCalls(Duration.ZERO, REQUEST_TIMEOUT).free() - held;
    isComplete |= !hasFound && FEW * free >= services.config().upstream().callsPerMinute();
    hasFound = false;
    emptyUntil = services.time().instant().plus(ASK_AGAIN_AFTER);
    window = BATCH;
  }
}
