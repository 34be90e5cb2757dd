package dev.signrelay.dispatch;

import dev.signrelay.app.Services;
import dev.signrelay.job.JobQueue;
import dev.signrelay.limit.RateLimiter.GrantAnswer;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.limit.RateLimiter.LineWait;
import dev.signrelay.queue.ReceivedMessage;
import dev.signrelay.retry.RunningSteps;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Up to ten jobs that were received from the line. Starts a step of each, and takes grants for the
 * steps that ask for one. Expired jobs and jobs that reuse a signature need none.
 */
final class LineBatch {

  /** Grants are taken this long before the next call is free, so that there is time to connect. */
  private static final Duration CONNECT_AHEAD = Duration.ofSeconds(1);

  /** Steps that ask within this time after the first one get their grants together with it. */
  private static final Duration ASKED_TOGETHER = Duration.ofMillis(500);

  /**
   * The longest wait for a free call. Then the jobs are released, and may lose their place in line.
   */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /** The maximum number of requests for grants: an overlapping run may take a call first. */
  private static final int TRIES = 3;

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  private static final GrantAnswer NOT_GRANTED =
      new GrantAnswer.Refused(new LineWait(Duration.ZERO, false));

  /**
   * A message of a step: it asks for a grant, or has ended.
   *
   * @param answer where the step waits for the answer; null: the step has ended
   */
  private record Request(@Nullable BlockingQueue<GrantAnswer> answer) {}

  private final Services services;
  private final RunningSteps steps;
  private final Instant until;
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

  /** Whether grants have been requested, so that a step that asks now is refused. */
  private volatile boolean closed;

  LineBatch(Services services, RunningSteps steps, Instant until) {
    this.services = services;
    this.steps = steps;
    this.until = until;
  }

  /**
   * Starts the steps, and gives grants to those that ask.
   *
   * @return how many steps asked for a grant in time
   * @throws LimiterUnavailableException if the rate limiter fails
   */
  int run(List<ReceivedMessage> received) throws InterruptedException {
    for (ReceivedMessage message : received) {
      steps.start(message, JobQueue.LINE, until, this::ask, () -> requests.add(new Request(null)));
    }
    List<BlockingQueue<GrantAnswer>> asking = gather(received.size());
    closed = true;
    requests.forEach(LineBatch::refuse);
    if (!asking.isEmpty()) {
      grant(asking);
    }
    return asking.size();
  }

  /** Runs on the thread of a step. A step that asks late is refused. */
  private GrantAnswer ask(Duration timeout) {
    var answer = new LinkedBlockingQueue<GrantAnswer>();
    var request = new Request(answer);
    requests.add(request);
    // Still there: it came too late for gather().
    if (closed && requests.remove(request)) {
      return NOT_GRANTED;
    }
    try {
      GrantAnswer given = services.time().poll(answer, timeout);
      return given == null ? NOT_GRANTED : given;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return NOT_GRANTED;
    }
  }

  private static void refuse(Request late) {
    if (late.answer() != null) {
      late.answer().add(NOT_GRANTED);
    }
  }

  /** Waits until each step has asked or ended, at most {@link #ASKED_TOGETHER} after the first. */
  private List<BlockingQueue<GrantAnswer>> gather(int started) throws InterruptedException {
    TimeSource time = services.time();
    var asking = new ArrayList<BlockingQueue<GrantAnswer>>();
    Instant end = time.instant().plus(REQUEST_TIMEOUT);
    for (int open = started; open > 0; open--) {
      Request next = time.poll(requests, time.until(end));
      if (next == null) {
        return asking;
      }
      if (next.answer() != null) {
        end = asking.isEmpty() ? time.instant().plus(ASKED_TOGETHER) : end;
        asking.add(next.answer());
      }
    }
    return asking;
  }

  private void grant(List<BlockingQueue<GrantAnswer>> asking) {
    var open = new ArrayDeque<>(asking);
    Instant end = services.time().instant().plus(LONGEST_WAIT);
    try {
      for (int tries = 0; tries < TRIES && !open.isEmpty() && awaitFreeCall(end); tries++) {
        services
            .limiter()
            .acquireForLine(open.size(), CONNECT_AHEAD.multipliedBy(2), REQUEST_TIMEOUT)
            .forEach(grant -> open.remove().add(new GrantAnswer.Granted(grant)));
      }
    } finally {
      open.forEach(answer -> answer.add(NOT_GRANTED));
    }
  }

  /** Waits until it is time to connect. False: no call is free before {@code end}. */
  private boolean awaitFreeCall(Instant end) {
    Duration nextIn = services.limiter().freeCalls(Duration.ZERO, REQUEST_TIMEOUT).nextIn();
    Instant free = services.time().instant().plus(nextIn);
    return free.isBefore(end) && services.time().sleepUntil(free.minus(CONNECT_AHEAD));
  }
}
