package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** No limit (a limit of 0): every call may begin at once, and its grant does not expire. */
public record NoLimit(InstantSource clock) implements RateLimiter {

  @Override
  public Optional<Grant> acquire(Instant latest, Duration timeout) {
    return Optional.of(new Grant("unlimited", clock.instant(), ANY_TIME));
  }

  @Override
  public boolean claim(Grant grant, Duration timeout) {
    return true;
  }
}
