package dev.signrelay;

import dev.signrelay.callback.CallbackSender;
import dev.signrelay.callback.HttpCallbackSender;
import dev.signrelay.http.HttpClients;
import dev.signrelay.http.HttpExchange;
import dev.signrelay.log.EventLog;
import dev.signrelay.log.JsonLines;
import dev.signrelay.queue.RetryQueue;
import dev.signrelay.queue.SqsRetryQueue;
import dev.signrelay.retry.Backoff;
import dev.signrelay.retry.RetryPolicy;
import dev.signrelay.upstream.HttpSigner;
import dev.signrelay.upstream.Signer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.sqs.SqsClient;

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
    RetryQueue queue,
    RetryPolicy policy,
    InstantSource clock,
    DoubleSupplier random,
    Supplier<String> ids,
    EventLog log) {

  /**
   * The real parts, from the environment.
   *
   * @throws IllegalStateException if a setting is missing or wrong
   */
  static Wiring fromEnvironment() {
    InstantSource clock = InstantSource.system();
    return of(
        Config.from(System::getenv), Wiring::sqsClient, clock, new JsonLines(System.out, clock));
  }

  /**
   * The real parts, with another queue server or log.
   *
   * @param sqs called when the queue is first needed
   */
  public static Wiring of(
      Config config, Supplier<SqsClient> sqs, InstantSource clock, EventLog log) {
    String userAgent = "SignRelay/" + Version.current();
    var http = new HttpExchange(HttpClients.create(SystemDefaultDnsResolver.INSTANCE, userAgent));
    // SecureRandom, not a seeded generator: a SnapStart snapshot would freeze the seed.
    var random = new SecureRandom();
    return new Wiring(
        config,
        new HttpSigner(http, config.upstreamBaseUrl(), config.upstreamKey(), clock),
        new HttpCallbackSender(http, clock, config.callbackSecrets()),
        new SqsRetryQueue(sqs, config.retryQueueUrl(), config.deadLetterQueueUrl()),
        new RetryPolicy(
            new Backoff(config.retryBaseDelay(), config.retryMaxDelay()),
            config.maxAttempts(),
            config.maxCallbackAttempts()),
        clock,
        random::nextDouble,
        () -> UUID.randomUUID().toString(),
        log);
  }

  /** What fails at once is worth trying again for as long as the caller waits. */
  private static RetryStrategy untilTheDeadline() {
    return AwsRetryStrategy.standardRetryStrategy().toBuilder().maxAttempts(10).build();
  }

  /**
   * Region, credentials and endpoint are the SDK's own settings. Each call has a deadline of ours;
   * the socket timeouts only end what is left behind.
   */
  private static SqsClient sqsClient() {
    return SqsClient.builder()
        .httpClientBuilder(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(Duration.ofSeconds(1))
                .socketTimeout(Duration.ofSeconds(5)))
        .overrideConfiguration(c -> c.retryStrategy(untilTheDeadline()))
        .build();
  }
}
