package dev.signrelay.limit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** For a limit of 0: any call may begin at once, and may take its time to. */
public record NoLimit(InstantSource clock) implements RateLimiter {

  @Override
  public Optional<Grant> ask(Instant latest, Duration timeout) {
    return Optional.of(new Grant("unlimited", clock.instant(), ANY_TIME));
  }

  @Override
  public boolean redeem(Grant grant, Duration timeout) {
    return true;
  }

  @Override
  public void prepare() {}
}
