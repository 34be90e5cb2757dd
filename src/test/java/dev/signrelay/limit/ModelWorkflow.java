package dev.signrelay.limit;

import dev.signrelay.attempt.CallSource;
import dev.signrelay.attempt.RateLimitedSigner;
import dev.signrelay.attempt.SigningTimeouts;
import dev.signrelay.job.Grant;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.limit.RateLimiter.Answer;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The workflow of a process up to the beginning of its calls. */
@FunctionalInterface
interface ModelWorkflow {

  /** The longest wait of SignFunction and RetryFunction for a grant. */
  Duration NEWCOMERS_WAIT = Duration.ofMillis(250);

  /** A timeout that is never reached. */
  Duration TIMEOUT = Duration.ofMinutes(1);

  /** Timeouts that are never reached. */
  SigningTimeouts TIMEOUTS =
      new SigningTimeouts(Instant.parse("9999-12-31T00:00:00Z"), TIMEOUT, TIMEOUT);

  /**
   * A call of the upstream.
   *
   * @param earliest when it can begin, by the clock of the process
   * @param before the end of the grant
   */
  record Start(Grant grant, Instant earliest, Instant before) {}

  /**
   * @param time the clock of the process
   * @return the calls that the process makes
   */
  List<Start> run(ModelTask task, RateLimiter limiter, ModelTime time);

  /** The workflow of the functions. */
  static List<Start> asInTheFunctions(ModelTask task, RateLimiter limiter, ModelTime time) {
    try {
      return switch (task) {
        case ModelTask.Sign() ->
            sign(timeout -> acquireOrJoin(limiter, timeout), time).stream().toList();
        case ModelTask.Line(int jobs) ->
            limiter.acquireForLine(jobs, SharedSchedule.MAX_WAIT, TIMEOUT).stream()
                .flatMap(grant -> sign(_ -> new Answer.Granted(grant), time).stream())
                .toList();
        case ModelTask.Note(long waiting) -> {
          var _ = limiter.noteLine(waiting, TIMEOUT);
          yield List.of();
        }
      };
    } catch (LimiterUnavailableException _) {
      return List.of();
    }
  }

  /** A job that is refused joins the line. */
  private static Answer acquireOrJoin(RateLimiter limiter, Duration timeout) {
    Answer answer = limiter.acquire(NEWCOMERS_WAIT, timeout);
    if (answer instanceof Answer.Refused) {
      limiter.noteJoined(timeout);
    }
    return answer;
  }

  private static Optional<Start> sign(CallSource calls, ModelTime time) {
    var started = new ArrayList<Start>();
    var signer =
        new RateLimitedSigner(
            calls,
            (_, _, grant) -> {
              Instant earliest = GrantSchedule.later(grant.from(), time.instant());
              started.add(new Start(grant, earliest, grant.until()));
              return Optional.of(new SigningOutcome.Signed("signature"));
            },
            time);
    var _ = signer.attempt("id", "message", TIMEOUTS);
    return started.stream().findFirst();
  }
}
