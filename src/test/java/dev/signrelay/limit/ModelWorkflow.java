package dev.signrelay.limit;

import dev.signrelay.attempt.JobSigner.CallSource;
import dev.signrelay.attempt.RateLimitedSigner;
import dev.signrelay.attempt.SigningTimeouts;
import dev.signrelay.job.Grant;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.limit.ClockCheck.WrongClockException;
import dev.signrelay.limit.ModelAction.Task;
import dev.signrelay.limit.ModelStore.NoAnswerException;
import dev.signrelay.limit.ModelStore.Suspended;
import dev.signrelay.limit.RateLimiter.GrantAnswer;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The workflow of an operation up to the beginning of its calls, as in the functions. It checks
 * what the limiter returns.
 */
final class ModelWorkflow {

  /** The longest wait of SignFunction and RetryFunction for a grant. */
  private static final Duration NEWCOMERS_WAIT = Duration.ofMillis(250);

  /** A timeout that is never reached. */
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private static final SigningTimeouts TIMEOUTS =
      new SigningTimeouts(Instant.parse("9999-12-31T00:00:00Z"), TIMEOUT, TIMEOUT);

  /**
   * A call of the upstream.
   *
   * @param earliest when it can begin, by the clock of the process
   */
  record Start(Grant grant, Instant earliest) {}

  private final RateLimiter limiter;
  private final ModelTime time;
  private final Duration lineWait;

  /** The calls that the process makes. */
  final List<Start> calls = new ArrayList<>();

  /** The grants that the limiter gave, in order. */
  final List<Grant> given = new ArrayList<>();

  /** The invariants of the limiter that were broken. */
  final List<String> broken = new ArrayList<>();

  /**
   * @param time the clock of the process
   * @param lineWait the longest wait of a drain run for a grant
   */
  ModelWorkflow(RateLimiter limiter, ModelTime time, Duration lineWait) {
    this.limiter = limiter;
    this.time = time;
    this.lineWait = lineWait;
  }

  /** Returns false if the operation is suspended at a delayed request. */
  boolean run(Task task) {
    try {
      switch (task) {
        case Task.Sign() -> sign(this::acquireOrJoin);
        case Task.Drain(int jobs) ->
            acquireForLine(jobs).forEach(grant -> sign(_ -> new GrantAnswer.Granted(grant)));
        case Task.Note(int jobs) -> {
          var _ = checked(() -> limiter.noteLine(jobs, TIMEOUT));
        }
      }
    } catch (LimiterUnavailableException _) {
      // Nothing is called.
    } catch (Suspended _) {
      return false;
    }
    return true;
  }

  private void sign(CallSource source) {
    var signer =
        new RateLimitedSigner(
            source,
            (_, _, grant) -> {
              calls.add(new Start(grant, GrantSchedule.later(grant.from(), time.instant())));
              return Optional.of(new SigningOutcome.Signed("signature"));
            },
            time);
    var _ = signer.attempt("id", "message", TIMEOUTS);
  }

  /** A job that is refused joins the line. */
  private GrantAnswer acquireOrJoin(Duration timeout) {
    GrantAnswer answer = checked(() -> limiter.acquire(NEWCOMERS_WAIT, timeout));
    if (answer instanceof GrantAnswer.Granted(Grant grant)) {
      check(grant, NEWCOMERS_WAIT);
      return answer;
    }
    return checked(
        () -> {
          limiter.noteJoined(1, timeout);
          return answer;
        });
  }

  private List<Grant> acquireForLine(int jobs) {
    List<Grant> grants = checked(() -> limiter.acquireForLine(jobs, lineWait, TIMEOUT));
    grants.forEach(grant -> check(grant, lineWait));
    if (grants.size() > jobs) {
      broken.add("more grants are given than jobs wait");
    }
    return grants;
  }

  /** The clock may have been set back since the grant was requested. */
  private void check(Grant grant, Duration wait) {
    given.add(grant);
    Duration tolerance = ModelState.CLOCK_RANGE.plus(SharedSchedule.MAX_LATENCY);
    Instant latest = time.instant().plus(wait).plus(tolerance);
    if (grant.from().isAfter(latest)) {
      broken.add("%s begins after %s, the latest allowed time".formatted(grant, latest));
    }
  }

  /** The limiter may be unavailable only if the store is or the clock is wrong. */
  private <T> T checked(Supplier<T> call) {
    try {
      return call.get();
    } catch (LimiterUnavailableException e) {
      Throwable cause = e.getCause().getCause();
      if (!(cause instanceof NoAnswerException || cause instanceof WrongClockException)) {
        broken.add("the limiter fails: " + cause);
      }
      throw e;
    }
  }
}
