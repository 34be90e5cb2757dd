package dev.signrelay.local.history;

import java.util.Locale;

/** Durations and shortened texts, as the console displays them. */
final class Texts {

  private Texts() {}

  /** {@code 85 ms}, {@code 1.52 s}, {@code 12.3 s} or {@code 1 min 5 s}. */
  static String millis(long millis) {
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 10_000) {
      return String.format(Locale.ROOT, "%.2f s", millis / 1_000.0);
    }
    return millis < 60_000
        ? String.format(Locale.ROOT, "%.1f s", millis / 1_000.0)
        : seconds(Math.round(millis / 1_000.0));
  }

  /** Rounded up: {@code 48 s} or {@code 1 min 5 s}. */
  static String seconds(double seconds) {
    long whole = (long) Math.ceil(seconds);
    return whole < 60 ? whole + " s" : "%d min %d s".formatted(whole / 60, whole % 60);
  }

  /** At most so many code points. */
  static String shortened(String text, int max) {
    return text.codePointCount(0, text.length()) <= max
        ? text
        : text.substring(0, text.offsetByCodePoints(0, max)) + "…";
  }
}
