package dev.signrelay.job;

import java.time.Instant;

/**
 * Permission to begin one upstream call.
 *
 * @param id unique among all grants, except {@link #unlimited}; not blank
 * @param from the earliest time at which the call may begin
 * @param until the call must begin before this time, which is not before {@code from}
 */
public record Grant(String id, Instant from, Instant until) {

  public Grant {
    if (id.isBlank() || until.isBefore(from)) {
      throw new IllegalArgumentException("a grant has an id and ends after it begins");
    }
  }

  /** A grant of a deployment without a rate limit: valid from now on. All of them have one id. */
  public static Grant unlimited(Instant now) {
    return new Grant("unlimited", now, Instant.parse("9999-12-31T00:00:00Z"));
  }

  public boolean isExpired(Instant now) {
    return !now.isBefore(until);
  }
}
