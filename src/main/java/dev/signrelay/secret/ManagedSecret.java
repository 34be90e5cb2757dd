package dev.signrelay.secret;

import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A secret that is read from Secrets Manager at its first use, and again when the value is old or
 * was refused. A use that has to read waits for the read; uses at the same time share it.
 *
 * <p>A value is used until another one is read. If a read fails, or its text breaks the secret's
 * rule, the last value stays in use and the failure is logged.
 *
 * <p>The age counts by the clock, so it includes the time for which Lambda freezes a process.
 */
public final class ManagedSecret<T> implements Secret<T> {

  public static final Duration REFRESH_AFTER = Duration.ofMinutes(5);

  /** The shortest time between two reads while there is a value, even if the first one failed. */
  static final Duration MIN_INTERVAL = Duration.ofSeconds(10);

  /** The shortest time between two reads without a value. A batch shares a failed read. */
  static final Duration FIRST_READ_INTERVAL = Duration.ofSeconds(1);

  /** The longest read while there is no value, or one older than twice {@link #REFRESH_AFTER}. */
  static final Duration MAX_READ_TIME = Duration.ofSeconds(3);

  /**
   * The longest read while the value is younger than twice {@link #REFRESH_AFTER}. If reads hang, a
   * request that reads two secrets still has time for its call.
   */
  static final Duration MAX_REFRESH_TIME = Duration.ofMillis(300);

  private final Managed<T> source;
  private final Function<Duration, String> read;
  private final TimeSource time;
  private final EventLog log;

  private @Nullable T value;
  private Instant valueReadAt = Instant.MIN;
  private Instant lastRead = Instant.MIN;
  private boolean refused;

  /**
   * @param read returns the secret's text within a limit, or throws a SecretUnavailableException
   */
  public ManagedSecret(
      Managed<T> source, Function<Duration, String> read, TimeSource time, EventLog log) {
    this.source = source;
    this.read = read;
    this.time = time;
    this.log = log;
  }

  @Override
  public synchronized T get(Duration limit) {
    if (limit.isPositive() && hasToBeRead(time.instant())) {
      read(TimeSource.shorter(limit, maxReadTime()));
    }
    T present = value;
    if (present == null) {
      throw new SecretUnavailableException(source.setting() + " has not been read", null);
    }
    return present;
  }

  @Override
  public synchronized void refused(T refusedValue) {
    // By identity: a new value may be equal, if the secret was not the reason.
    refused |= refusedValue == value;
  }

  private boolean hasToBeRead(Instant now) {
    if (value == null) {
      return hasPassed(FIRST_READ_INTERVAL, lastRead, now);
    }
    return (refused || hasPassed(REFRESH_AFTER, valueReadAt, now))
        && hasPassed(MIN_INTERVAL, lastRead, now);
  }

  /** An old value has more time: if all reads are slow, it must be replaced nevertheless. */
  private Duration maxReadTime() {
    return value == null || hasPassed(REFRESH_AFTER.multipliedBy(2), valueReadAt, time.instant())
        ? MAX_READ_TIME
        : MAX_REFRESH_TIME;
  }

  /** Also true if the clock was set back. */
  private static boolean hasPassed(Duration duration, Instant since, Instant now) {
    return now.isBefore(since) || !now.isBefore(since.plus(duration));
  }

  private void read(Duration limit) {
    Instant start = time.instant();
    try {
      value = parsed(read.apply(limit));
      valueReadAt = start;
      refused = false;
    } catch (SecretUnavailableException e) {
      Duration age = value == null ? null : Duration.between(valueReadAt, time.instant());
      log.write(FailureEvents.secretNotRead(source.setting(), e, age));
    }
    lastRead = time.instant();
  }

  /** Refuses JSON, which the console of Secrets Manager stores unless plain text is chosen. */
  private T parsed(String text) {
    Optional<T> parsed =
        text.stripLeading().startsWith("{") ? Optional.empty() : source.parse().apply(text);
    return parsed.orElseThrow(
        () ->
            new SecretUnavailableException(
                "the secret must be plain text: " + source.rule(), null));
  }

  /** Omits the value. */
  @Override
  public String toString() {
    return "ManagedSecret[" + source.setting() + "]";
  }
}
