package dev.signrelay.local;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * A token bucket, as used by API Gateway: it holds at most {@code burst} tokens, {@code rate}
 * tokens are added per second, and each request takes one (API Gateway developer guide, "Throttle
 * requests to your HTTP APIs").
 */
public final class Throttle {

  private final double rate;
  private final double burst;
  private final InstantSource clock;
  private double tokens;
  private Instant counted;

  /**
   * @param rate the steady rate, in requests per second
   * @param burst the maximum burst of requests
   */
  public Throttle(int rate, int burst, InstantSource clock) {
    this.rate = rate;
    this.burst = burst;
    this.clock = clock;
    this.tokens = burst;
    this.counted = clock.instant();
  }

  /**
   * The throttle of the API in the template.
   *
   * @param fronts the number of fronts that share the limits equally
   */
  public static Throttle of(Template template, int fronts, InstantSource clock) {
    Map<String, Object> route =
        Template.map(template.properties("Api").get("DefaultRouteSettings"));
    return new Throttle(
        template.integer(route.get("ThrottlingRateLimit")) / fronts,
        template.integer(route.get("ThrottlingBurstLimit")) / fronts,
        clock);
  }

  /** Takes a token. False if the request must be refused. */
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
