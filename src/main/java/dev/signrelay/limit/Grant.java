package dev.signrelay.limit;

import java.time.Duration;
import java.time.Instant;

/**
 * Leave to begin one upstream call.
 *
 * @param id unique for as long as it matters
 * @param from the call may begin from then on
 * @param until and has to begin before then
 */
public record Grant(String id, Instant from, Instant until) {

  public Grant {
    if (id.isBlank() || until.isBefore(from)) {
      throw new IllegalArgumentException("a grant has an id and ends after it begins");
    }
  }

  /** Whether it is too late to begin the call. */
  public boolean isOver(Instant now) {
    return !now.isBefore(until);
  }

  /** How long it is until the call may begin; zero or less: it may. */
  public Duration wait(Instant now) {
    return Duration.between(now, from);
  }
}
