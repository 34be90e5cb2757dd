package dev.signrelay;

import dev.signrelay.callback.AllowedHosts;
import dev.signrelay.callback.AllowedPorts;
import dev.signrelay.callback.CallbackTargets;
import dev.signrelay.callback.WebhookSecrets;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.retry.Backoff;
import dev.signrelay.retry.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The settings, from environment variables.
 *
 * @param upstreamBaseUrl {@code CRYPTO_CLIENT_BASE_URL}
 * @param upstreamKey {@code CRYPTO_CLIENT_API_KEY}
 * @param upstreamTimeout {@code CRYPTO_CLIENT_TIMEOUT_SECONDS}: the whole exchange in SignFunction;
 *     0.1 to 1.5 s; at most 1.45 s in effect, so that the queue has its time before the answer is
 *     due
 * @param upstreamRetryTimeout {@code CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS}: the whole exchange in
 *     RetryFunction; 0.1 to 60 s
 * @param callsPerMinute {@code CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE}: 0 (no limit) to 1,000, the
 *     most that one item of the table serves
 * @param rateLimitTable {@code RATE_LIMIT_TABLE}; empty if there is no limit
 * @param retryQueueUrl {@code RETRY_QUEUE_URL}
 * @param deadLetterQueueUrl {@code DEAD_LETTER_QUEUE_URL}
 * @param retryBaseDelay {@code RETRY_BASE_DELAY_SECONDS}: 1 to 900 s
 * @param retryMaxDelay {@code RETRY_MAX_DELAY_SECONDS}: from the base to 86,400 s
 * @param maxAttempts {@code RETRY_MAX_ATTEMPTS}: 1 to 1,000
 * @param callbackEnabled {@code CALLBACK_ENABLED}
 * @param callbackTimeout {@code CALLBACK_TIMEOUT_SECONDS}: 0.1 to 60 s
 * @param maxCallbackAttempts {@code CALLBACK_MAX_ATTEMPTS}: 1 to 1,000
 * @param callbackOnFailure {@code CALLBACK_ON_FAILURE}
 * @param allowPrivateAddresses {@code CALLBACK_ALLOW_PRIVATE_ADDRESSES}: also allows http and any
 *     port
 * @param callbackHosts {@code CALLBACK_ALLOWED_HOSTS}
 * @param callbackPorts {@code CALLBACK_ALLOWED_PORTS}
 * @param callbackSecrets {@code CALLBACK_SIGNING_SECRET}: each 24 to 64 bytes; none unless set
 * @param clientKeys {@code CLIENT_API_KEYS}: each at least 16 characters; none unless set
 */
public record Config(
    URI upstreamBaseUrl,
    String upstreamKey,
    Duration upstreamTimeout,
    Duration upstreamRetryTimeout,
    int callsPerMinute,
    String rateLimitTable,
    String retryQueueUrl,
    String deadLetterQueueUrl,
    Duration retryBaseDelay,
    Duration retryMaxDelay,
    int maxAttempts,
    boolean callbackEnabled,
    Duration callbackTimeout,
    int maxCallbackAttempts,
    boolean callbackOnFailure,
    boolean allowPrivateAddresses,
    AllowedHosts callbackHosts,
    AllowedPorts callbackPorts,
    WebhookSecrets callbackSecrets,
    ClientKeys clientKeys) {

  /**
   * Reads all settings. An empty variable counts as one that is not set.
   *
   * @param environment the value of a variable; null if it is not set
   * @throws IllegalStateException if any setting is missing or out of its bounds; the message names
   *     every one of them, and no secret
   */
  public static Config from(UnaryOperator<@Nullable String> environment) {
    var settings = new Settings(environment);
    Duration baseDelay = settings.seconds("RETRY_BASE_DELAY_SECONDS", "20", "1", "900");
    int callsPerMinute = settings.integer("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", 10, 0, 1_000);
    Config config =
        new Config(
            settings.httpUrl("CRYPTO_CLIENT_BASE_URL"),
            settings.headerValue("CRYPTO_CLIENT_API_KEY"),
            settings.seconds("CRYPTO_CLIENT_TIMEOUT_SECONDS", "1.5", "0.1", "1.5"),
            settings.seconds("CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS", "10", "0.1", "60"),
            callsPerMinute,
            callsPerMinute == 0 ? "" : settings.required("RATE_LIMIT_TABLE"),
            settings.httpUrl("RETRY_QUEUE_URL").toString(),
            settings.httpUrl("DEAD_LETTER_QUEUE_URL").toString(),
            baseDelay,
            settings.seconds("RETRY_MAX_DELAY_SECONDS", "900", "1", "86400"),
            settings.integer("RETRY_MAX_ATTEMPTS", 20, 1, 1_000),
            settings.bool("CALLBACK_ENABLED", true),
            settings.seconds("CALLBACK_TIMEOUT_SECONDS", "10", "0.1", "60"),
            settings.integer("CALLBACK_MAX_ATTEMPTS", 10, 1, 1_000),
            settings.bool("CALLBACK_ON_FAILURE", false),
            settings.bool("CALLBACK_ALLOW_PRIVATE_ADDRESSES", false),
            settings.parsed("CALLBACK_ALLOWED_HOSTS", "", "hosts or *.domain", AllowedHosts::parse),
            settings.parsed(
                "CALLBACK_ALLOWED_PORTS", "443,8443", "ports from 1 to 65535", AllowedPorts::parse),
            settings.secrets(
                "CALLBACK_SIGNING_SECRET",
                WebhookSecrets::parse,
                WebhookSecrets.NONE,
                WebhookSecrets.RULE),
            settings.secrets(
                "CLIENT_API_KEYS", ClientKeys::parse, ClientKeys.NONE, ClientKeys.RULE));
    settings.require(
        config.retryMaxDelay.compareTo(baseDelay) >= 0,
        "RETRY_MAX_DELAY_SECONDS must be at least RETRY_BASE_DELAY_SECONDS");
    settings.throwIfInvalid();
    return config;
  }

  public RetryPolicy retryPolicy() {
    return new RetryPolicy(
        new Backoff(retryBaseDelay, retryMaxDelay), maxAttempts, maxCallbackAttempts);
  }

  CallbackTargets callbackTargets() {
    return new CallbackTargets(allowPrivateAddresses, callbackHosts, callbackPorts);
  }

  /** Without the keys and secrets. */
  @Override
  public String toString() {
    return "Config[" + upstreamBaseUrl + "]";
  }
}
