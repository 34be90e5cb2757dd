package dev.signrelay.simulation;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** What happened in a run, a line each. */
final class Trace {

  private final InstantSource time;
  private final boolean kept;
  private final List<String> lines = new ArrayList<>();

  /**
   * @param kept false: lines cost nothing, and there are none
   */
  Trace(InstantSource time, boolean kept) {
    this.time = time;
    this.kept = kept;
  }

  void say(String who, String what, Object... details) {
    if (kept) {
      Instant now = time.instant();
      lines.add("%s %-8s %s".formatted(now, who, what.formatted(details)));
    }
  }

  List<String> lines() {
    return lines;
  }
}
