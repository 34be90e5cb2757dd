package dev.signrelay.app;

import dev.signrelay.aws.ClientPrimer;
import dev.signrelay.callback.CallbackSender;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.queue.RetryQueue;
import dev.signrelay.retry.RetryPolicy;
import dev.signrelay.signing.RateLimitedSigner;
import dev.signrelay.telemetry.EventLog;
import dev.signrelay.time.TimeSource;
import dev.signrelay.upstream.Signer;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * The services that the workflows use: everything that reaches outside the process, including the
 * clock and randomness, so that a workflow can run with other services.
 *
 * @param queuePrimer initializes the queue's client ahead of its first send
 * @param random returns numbers in [0, 1), for jitter
 * @param ids returns a new unique id each time
 */
public record Services(
    Config config,
    Signer signer,
    CallbackSender callbacks,
    RateLimiter limiter,
    RetryQueue queue,
    ClientPrimer queuePrimer,
    TimeSource time,
    DoubleSupplier random,
    Supplier<String> ids,
    EventLog log) {

  /** The decisions after each attempt. */
  public RetryPolicy policy() {
    return config.retryPolicy();
  }

  /**
   * Makes the attempts to sign.
   *
   * @param maxGrantWait the longest wait for a grant within the function
   */
  public RateLimitedSigner rateLimitedSigner(Duration maxGrantWait) {
    return new RateLimitedSigner(limiter, signer, time, maxGrantWait);
  }
}
