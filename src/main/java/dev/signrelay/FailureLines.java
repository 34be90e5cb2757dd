package dev.signrelay;

import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.log.LogEvent;
import dev.signrelay.log.LogEvent.Level;
import dev.signrelay.log.Metric;
import dev.signrelay.queue.RetryQueue.QueueUnavailableException;
import dev.signrelay.retry.Job;

/** What the log says of what goes wrong here, or in what the functions rely on. */
final class FailureLines {

  private FailureLines() {}

  /** Of an attempt that is not made, for nobody knows whether it may be. */
  static LogEvent limiterUnavailable(String id, int attempt, LimiterUnavailableException e) {
    return LogEvent.of(Level.ERROR, "rate limiter unavailable")
        .with("id", id)
        .with("attempt", attempt)
        .with("error", e.getMessage())
        .with("cause", rootOf(e).getClass().getSimpleName())
        .counted(Metric.LIMITER_UNAVAILABLE);
  }

  /** Of a job that the function has no time for: its timeout is shorter than its settings need. */
  static LogEvent outOfTime(Job job) {
    return LogEvent.of(Level.WARN, "out of time").with("id", job.id());
  }

  /** A decision that could not be carried out. */
  static LogEvent queueUnavailable(LogEvent line, QueueUnavailableException e) {
    return line.atLeast(Level.ERROR)
        .with("error", e.getMessage())
        .with("cause", rootOf(e).getClass().getSimpleName())
        .counted(Metric.QUEUE_UNAVAILABLE);
  }

  static LogEvent malformed(String queueMessageId, String error) {
    return LogEvent.of(Level.ERROR, "malformed queue message")
        .with("queueMessageId", queueMessageId)
        .with("error", error);
  }

  static LogEvent unexpected(String id, Throwable e) {
    return failure(LogEvent.of(Level.ERROR, "unexpected failure").with("id", id), e)
        .counted(Metric.UNEXPECTED_FAILURES);
  }

  /** Of a function that will start slowly. */
  static LogEvent unrehearsed(Exception e) {
    return failure(LogEvent.of(Level.WARN, "rehearsal failed"), e);
  }

  /** The exception's text stays out: it may quote what must not be logged. */
  private static LogEvent failure(LogEvent line, Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return line.with("error", e.getClass().getName())
        .with("at", trace.length == 0 ? null : trace[0].toString());
  }

  private static Throwable rootOf(RuntimeException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause.getCause() == null ? cause : cause.getCause();
  }
}
