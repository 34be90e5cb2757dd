package dev.signrelay.simulation;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The events of a run, one line each. */
final class Trace {

  private final InstantSource time;
  private final boolean kept;
  final List<String> lines = new ArrayList<>();

  /**
   * @param kept false: lines are discarded without being formatted
   */
  Trace(InstantSource time, boolean kept) {
    this.time = time;
    this.kept = kept;
  }

  void add(String who, String what, Object... details) {
    if (kept) {
      Instant now = time.instant();
      lines.add("%s %-8s %s".formatted(now, who, what.formatted(details)));
    }
  }
}
