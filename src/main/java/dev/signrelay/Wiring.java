package dev.signrelay;

import dev.signrelay.aws.AwsClients;
import dev.signrelay.callback.CallbackSender;
import dev.signrelay.callback.CheckedCallbackSender;
import dev.signrelay.callback.HttpCallbackSender;
import dev.signrelay.callback.PublicAddresses;
import dev.signrelay.deadline.Pause;
import dev.signrelay.http.CheckedDnsResolver;
import dev.signrelay.http.HttpClients;
import dev.signrelay.http.HttpExchange;
import dev.signrelay.http.Network;
import dev.signrelay.limit.NoLimit;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.limit.SlidingWindowLimiter;
import dev.signrelay.log.EventLog;
import dev.signrelay.log.JsonLines;
import dev.signrelay.queue.RetryQueue;
import dev.signrelay.queue.SqsRetryQueue;
import dev.signrelay.retry.RetryPolicy;
import dev.signrelay.upstream.HttpSigner;
import dev.signrelay.upstream.Signer;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * The parts a handler works with. Everything that reaches outside, the clock and chance included,
 * is here, so that a handler can be run on other parts.
 *
 * @param clock also measures how long things take: a Lambda's own deadline is wall clock time
 * @param random in [0, 1), for jitter
 * @param ids a new unique id each time
 */
public record Wiring(
    Config config,
    Signer signer,
    CallbackSender callbacks,
    RateLimiter limiter,
    RetryQueue queue,
    RetryPolicy policy,
    InstantSource clock,
    Pause pause,
    DoubleSupplier random,
    Supplier<String> ids,
    EventLog log) {

  static final InstantSource CLOCK = InstantSource.system();
  static final EventLog LOG =
      new JsonLines(
          System.out,
          CLOCK,
          System.getenv().getOrDefault("AWS_LAMBDA_FUNCTION_NAME", "outside-lambda"));

  /**
   * The real parts, from the environment.
   *
   * @throws IllegalStateException if a setting is missing or wrong
   */
  static Wiring fromEnvironment() {
    return of(Config.from(System::getenv), AwsClients.fromEnvironment(), CLOCK, LOG);
  }

  /** The real parts, with other AWS servers or another log. */
  public static Wiring of(Config config, AwsClients aws, InstantSource clock, EventLog log) {
    return of(config, aws, clock, log, Network.ofSystem());
  }

  /**
   * The same in another network. The upstream is the operator's, and may be anywhere; callback URLs
   * are the clients'.
   */
  static Wiring of(
      Config config, AwsClients aws, InstantSource clock, EventLog log, Network network) {
    String userAgent = "SignRelay/" + Version.current();
    var upstream = new HttpExchange(HttpClients.create(network, userAgent));
    Network checked =
        config.allowPrivateAddresses()
            ? network
            : network.withNames(new CheckedDnsResolver(network.names(), PublicAddresses::contains));
    var receivers = new HttpExchange(HttpClients.create(checked, userAgent));
    // SecureRandom, not a seeded generator: a SnapStart snapshot would freeze the seed.
    var random = new SecureRandom();
    Supplier<String> ids = () -> UUID.randomUUID().toString();
    return new Wiring(
        config,
        new HttpSigner(upstream, config.upstreamBaseUrl(), config.upstreamKey(), clock),
        new CheckedCallbackSender(
            config.callbackTargets(),
            new HttpCallbackSender(receivers, clock, config.callbackSecrets())),
        limiter(config, aws, clock, ids),
        new SqsRetryQueue(aws.sqs(), config.retryQueueUrl(), config.deadLetterQueueUrl()),
        config.retryPolicy(),
        clock,
        Pause.on(clock),
        random::nextDouble,
        ids,
        log);
  }

  private static RateLimiter limiter(
      Config config, AwsClients aws, InstantSource clock, Supplier<String> ids) {
    return config.callsPerMinute() == 0
        ? new NoLimit(clock)
        : SlidingWindowLimiter.inTable(
            aws.dynamoDb(), config.rateLimitTable(), config.callsPerMinute(), clock, ids);
  }
}
