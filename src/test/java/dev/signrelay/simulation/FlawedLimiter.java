package dev.signrelay.simulation;

import dev.signrelay.Wiring;
import dev.signrelay.limit.Grant;
import dev.signrelay.limit.RateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A limiter that is not asked as it should be.
 *
 * @param failsOpen who cannot ask calls
 * @param redeemsAny who carries a grant uses it
 */
record FlawedLimiter(Wiring wiring, boolean failsOpen, boolean redeemsAny) implements RateLimiter {

  @Override
  public Optional<Grant> ask(Instant latest, Duration timeout) {
    try {
      return wiring.limiter().ask(latest, timeout);
    } catch (LimiterUnavailableException e) {
      if (!failsOpen) {
        throw e;
      }
      Instant now = wiring.clock().instant();
      return Optional.of(new Grant(wiring.ids().get(), now, now.plusSeconds(1)));
    }
  }

  @Override
  public boolean redeem(Grant grant, Duration timeout) {
    return redeemsAny || wiring.limiter().redeem(grant, timeout);
  }

  @Override
  public void prepare() {}
}
