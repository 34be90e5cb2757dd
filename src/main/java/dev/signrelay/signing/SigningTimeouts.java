package dev.signrelay.signing;

import java.time.Duration;
import java.time.Instant;

/** How long the parts of an attempt to sign may take. Zero or less: there is no time left. */
public interface SigningTimeouts {

  /** For a call of the rate limiter that begins now. */
  Duration limiterTimeout(Instant now);

  /** For an upstream call that begins now, over the whole exchange. */
  Duration upstreamTimeout(Instant now);
}
