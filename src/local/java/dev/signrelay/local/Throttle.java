package dev.signrelay.local;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * A token bucket, which is how API Gateway throttles: it holds {@code burst} tokens, gets {@code
 * rate} new ones a second, and each request takes one (API Gateway developer guide, "Throttle
 * requests to your HTTP APIs").
 */
public final class Throttle {

  private final double rate;
  private final double burst;
  private final InstantSource clock;
  private double tokens;
  private Instant counted;

  /**
   * @param rate requests a second
   * @param burst requests at once
   */
  public Throttle(int rate, int burst, InstantSource clock) {
    this.rate = rate;
    this.burst = burst;
    this.clock = clock;
    this.tokens = burst;
    this.counted = clock.instant();
  }

  /**
   * The API's.
   *
   * @param fronts how many share it, each with its part
   */
  public static Throttle of(Template template, int fronts, InstantSource clock) {
    Map<String, Object> route =
        Template.map(template.properties("Api").get("DefaultRouteSettings"));
    return new Throttle(
        template.integer(route.get("ThrottlingRateLimit")) / fronts,
        template.integer(route.get("ThrottlingBurstLimit")) / fronts,
        clock);
  }

  /** Whether a request may pass. */
  public synchronized boolean admit() {
    Instant now = clock.instant();
    double added = rate * Duration.between(counted, now).toNanos() / 1e9;
    tokens = Math.min(burst, tokens + Math.max(0, added));
    counted = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
