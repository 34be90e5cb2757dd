package dev.signrelay.telemetry;

import dev.signrelay.telemetry.LogEvent.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Log events for internal failures and for failures of dependencies. */
public final class FailureEvents {

  private FailureEvents() {}

  /** A step that could not begin: the function's timeout is too short for its settings. */
  public static LogEvent outOfTime(String id) {
    return LogEvent.of(Level.WARN, "out of time").with("id", id);
  }

  public static LogEvent malformed(@Nullable String queueMessageId, String error) {
    return LogEvent.of(Level.ERROR, "malformed queue message")
        .with("queueMessageId", queueMessageId)
        .with("error", error);
  }

  /** The process ends, because the rate limiter refuses its clock. */
  public static LogEvent wrongClock() {
    return LogEvent.of(Level.ERROR, "wrong clock").with("decision", "end-process");
  }

  public static LogEvent unexpected(String id, Throwable e) {
    return withPlace(LogEvent.of(Level.ERROR, "unexpected failure").with("id", id), e)
        .counted(Metric.UNEXPECTED_FAILURES);
  }

  /** Priming failed: the function works, and starts slowly. */
  public static LogEvent primingFailed(Throwable e) {
    return withPlace(LogEvent.of(Level.WARN, "priming failed"), e);
  }

  /**
   * @param setting the name of the setting that has the secret's ARN
   * @param age of the value that stays in use; null: there is none
   */
  public static LogEvent secretNotRead(String setting, RuntimeException e, @Nullable Duration age) {
    return withCause(LogEvent.of(age == null ? Level.ERROR : Level.WARN, "secret not read"), e)
        .counted(Metric.SECRET_NOT_READ)
        .with("setting", setting)
        .with("ageSeconds", age == null ? null : age.toSeconds());
  }

  /** The table did not store the record of a job, or did not release an {@code Idempotency-Key}. */
  public static LogEvent recordNotWritten(String id, RuntimeException e) {
    return withCause(LogEvent.of(Level.WARN, "record not written").with("id", id), e)
        .counted(Metric.RECORD_NOT_WRITTEN);
  }

  /** The limiter's table did not note a job that joined the line. The next drain run counts it. */
  public static LogEvent lineNotNoted(String id, RuntimeException e) {
    return withCause(LogEvent.of(Level.WARN, "line not noted").with("id", id), e);
  }

  /** A quota was not checked or not given back: counted as {@link Metric#RECORD_NOT_WRITTEN}. */
  public static LogEvent quotaUnknown(String id, RuntimeException e) {
    return withCause(LogEvent.of(Level.WARN, "quota not checked").with("id", id), e)
        .counted(Metric.RECORD_NOT_WRITTEN);
  }

  /** The cache of signatures failed: the attempt continued without it. */
  public static LogEvent cacheUnavailable(String id, RuntimeException e) {
    return withCause(LogEvent.of(Level.WARN, "signature cache unavailable").with("id", id), e)
        .counted(Metric.CACHE_UNAVAILABLE);
  }

  public static LogEvent limiterUnavailable(LogEvent event, RuntimeException e) {
    return withCause(event.atLeast(Level.ERROR), e).counted(Metric.LIMITER_UNAVAILABLE);
  }

  public static LogEvent queueUnavailable(LogEvent event, RuntimeException e) {
    return withCause(event.atLeast(Level.ERROR), e).counted(Metric.QUEUE_UNAVAILABLE);
  }

  /** Adds an exception of this project, whose message quotes no input, and its original cause. */
  public static LogEvent withCause(LogEvent event, RuntimeException e) {
    return event
        .with("error", e.getMessage())
        .with("cause", originalCause(e).getClass().getSimpleName());
  }

  /** Omits the exception's message, which may quote what must not be logged. */
  private static LogEvent withPlace(LogEvent event, Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return event
        .with("error", e.getClass().getName())
        .with("at", trace.length == 0 ? null : trace[0].toString());
  }

  private static Throwable originalCause(RuntimeException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause.getCause() == null ? cause : cause.getCause();
  }
}
