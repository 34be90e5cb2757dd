package dev.signrelay.local;

import java.time.Duration;
import java.util.Locale;

/** The text of durations in the terminal. The console's {@code text.js} has the same. */
public final class DurationText {

  private DurationText() {}

  /** For example {@code 85 ms}, {@code 1.52 s}, {@code 10.2 s} or {@code 1 min 5 s}. */
  public static String of(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1_000) {
      return millis + " ms";
    }
    return millis < 60_000
        ? String.format(Locale.ROOT, millis < 10_000 ? "%.2f s" : "%.1f s", millis / 1e3)
        : minutes(Math.round(millis / 1e3));
  }

  /** Rounded up to whole seconds. For example {@code 48 s} or {@code 1 min 5 s}. */
  public static String ofSeconds(Number seconds) {
    long whole = (long) Math.ceil(seconds.doubleValue());
    return whole < 60 ? whole + " s" : minutes(whole);
  }

  private static String minutes(long seconds) {
    return "%d min %d s".formatted(seconds / 60, seconds % 60);
  }
}
