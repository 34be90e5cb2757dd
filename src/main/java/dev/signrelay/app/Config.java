package dev.signrelay.app;

import dev.signrelay.callback.PublicKeys;
import dev.signrelay.callback.WebhookSecrets;
import dev.signrelay.destination.AllowedHosts;
import dev.signrelay.destination.AllowedPorts;
import dev.signrelay.destination.DestinationRules;
import dev.signrelay.job.JobQueue;
import dev.signrelay.request.CallbackUrlRules;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.retry.Backoff;
import dev.signrelay.retry.RetryPolicy;
import dev.signrelay.retry.Stage;
import dev.signrelay.secret.SecretSource;
import dev.signrelay.secret.SecretSource.Managed;
import dev.signrelay.secret.SecretSource.Plain;
import dev.signrelay.upstream.ApiKey;
import java.net.URI;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The configuration. {@link Settings} has the names, defaults and bounds of its settings. */
public record Config(
    Upstream upstream,
    Queues queues,
    Retry retry,
    Callback callback,
    Clients clients,
    Records records) {

  /**
   * The upstream and its rate limit.
   *
   * @param timeout of the whole call in SignFunction, which may have to end it earlier
   * @param retryTimeout of the whole call in RetryFunction
   * @param callsPerMinute 0: no limit
   * @param rateLimitTable empty: no limit
   */
  public record Upstream(
      URI baseUrl,
      SecretSource<ApiKey> apiKey,
      Duration timeout,
      Duration retryTimeout,
      int callsPerMinute,
      String rateLimitTable) {

    /** Whether the key and the messages are encrypted on their way. */
    boolean usesTls() {
      return "https".equalsIgnoreCase(baseUrl.getScheme());
    }

    /** Whether there is a rate limit. */
    public boolean isLimited() {
      return callsPerMinute > 0;
    }
  }

  /** The URLs of the queues. */
  public record Queues(String retry, String callback, String line, String deadLetter) {

    /** The URL of a queue. */
    public String url(JobQueue queue) {
      return switch (queue) {
        case RETRY -> retry;
        case CALLBACK -> callback;
        case LINE -> line;
      };
    }
  }

  /**
   * When an attempt to sign is repeated, and how long a job may wait for the first.
   *
   * @param baseDelay also of deliveries
   * @param giveUpAfter for how long at least an attempt is repeated
   * @param maxLineTime a request that would wait longer in line is not accepted; zero: no bound
   */
  public record Retry(
      Duration baseDelay,
      Duration maxDelay,
      int maxAttempts,
      Duration giveUpAfter,
      Duration maxLineTime) {

    /** Whether a job would wait too long in line. */
    public boolean exceedsLine(Duration expectedWait) {
      return maxLineTime.isPositive() && expectedWait.compareTo(maxLineTime) > 0;
    }
  }

  /**
   * The callbacks.
   *
   * @param enabled false: requests with a callback URL are refused
   * @param timeout of the whole delivery
   * @param maxDelay the longest delay between two deliveries
   * @param giveUpAfter for how long at least a delivery is repeated
   * @param notifyOnFailure whether the receiver of a job that is dead-lettered is notified
   * @param secrets receivers share them; none: callbacks are not signed with a secret
   * @param secretPerHost whether each receiver has secrets of its own, derived from these
   * @param privateKeys none: callbacks are not signed with a private key
   * @param publicKeys that receivers can read
   */
  public record Callback(
      boolean enabled,
      Duration timeout,
      Duration maxDelay,
      int maxAttempts,
      Duration giveUpAfter,
      boolean notifyOnFailure,
      DestinationRules destinations,
      SecretSource<WebhookSecrets> secrets,
      boolean secretPerHost,
      SecretSource<WebhookSecrets> privateKeys,
      PublicKeys publicKeys) {

    /** The rules for the callback URL of a request. */
    public CallbackUrlRules urlRules() {
      return new CallbackUrlRules(enabled, destinations);
    }
  }

  /**
   * The clients.
   *
   * @param keys none: no key is required
   * @param jobsPerHour how many jobs a client may store in a clock hour; 0: no quota
   */
  public record Clients(SecretSource<ClientKeys> keys, int jobsPerHour) {

    /** Whether a key is required. */
    public boolean haveKeys() {
      return !keys.equals(new Plain<>(ClientKeys.NONE));
    }

    /**
     * Whether the number of jobs that a client may store is limited.
     *
     * @param client empty: unknown
     */
    public boolean haveQuota(String client) {
      return jobsPerHour > 0 && !client.isEmpty();
    }
  }

  /**
   * The records of jobs, and the signatures that further requests for a message reuse.
   *
   * @param table empty: there are no records
   * @param keep how long a record is kept after its job is over
   * @param reuseSignatures how long a signature is reused; zero: never
   */
  public record Records(String table, Duration keep, Duration reuseSignatures) {

    /** Whether jobs have records. */
    public boolean enabled() {
      return !table.isEmpty();
    }

    /** Whether signatures are reused. */
    public boolean reusesSignatures() {
      return reuseSignatures.isPositive();
    }
  }

  /**
   * Reads the configuration.
   *
   * @param environment returns the value of a variable; null: it is not set
   * @throws IllegalStateException if a setting is missing or invalid; the message names each of
   *     them and contains no secret
   */
  public static Config from(UnaryOperator<@Nullable String> environment) {
    var reader = new EnvironmentReader(environment);
    var config =
        new Config(
            upstream(reader),
            queues(reader),
            retry(reader),
            callback(reader),
            clients(reader),
            records(reader));
    reader.require(
        config.retry.maxDelay.compareTo(config.retry.baseDelay) >= 0,
        Settings.RETRY_MAX_DELAY.name() + " must be at least " + Settings.RETRY_BASE_DELAY.name());
    reader.require(
        config.callback.maxDelay.compareTo(config.retry.baseDelay) >= 0,
        Settings.CALLBACK_MAX_DELAY.name()
            + " must be at least "
            + Settings.RETRY_BASE_DELAY.name());
    reader.require(
        config.records.enabled() || !config.records.reusesSignatures(),
        Settings.SIGNATURE_CACHE_TIME.name() + " needs " + Settings.JOB_TABLE.name());
    reader.refuse("CLIENT_MAX_WAITING", Settings.CLIENT_JOBS_PER_HOUR);
    reader.require(
        config.clients.jobsPerHour == 0 || config.records.enabled() && config.clients.haveKeys(),
        "%s needs %s and %s"
            .formatted(
                Settings.CLIENT_JOBS_PER_HOUR.name(),
                Settings.JOB_TABLE.name(),
                Settings.CLIENT_API_KEYS.name()));
    reader.require(
        reader.read(Settings.UPSTREAM_ALLOW_PLAIN_HTTP) || config.upstream.usesTls(),
        Settings.UPSTREAM_BASE_URL.name()
            + " must be an https URL, because http sends the key and the messages in clear text,"
            + " unless "
            + Settings.UPSTREAM_ALLOW_PLAIN_HTTP.name()
            + " (the template's parameter AllowPlainHttpUpstream) is true");
    reader.throwIfInvalid();
    return config;
  }

  private static Upstream upstream(EnvironmentReader reader) {
    int callsPerMinute = reader.read(Settings.CALLS_PER_MINUTE);
    return new Upstream(
        reader.read(Settings.UPSTREAM_BASE_URL),
        reader.read(Settings.UPSTREAM_API_KEY, ApiKey::parse, new ApiKey("")),
        reader.read(Settings.UPSTREAM_TIMEOUT),
        reader.read(Settings.UPSTREAM_RETRY_TIMEOUT),
        callsPerMinute,
        callsPerMinute == 0 ? "" : reader.read(Settings.RATE_LIMIT_TABLE));
  }

  private static Queues queues(EnvironmentReader reader) {
    return new Queues(
        reader.read(Settings.RETRY_QUEUE_URL).toString(),
        reader.read(Settings.CALLBACK_QUEUE_URL).toString(),
        reader.read(Settings.LINE_QUEUE_URL).toString(),
        reader.read(Settings.DEAD_LETTER_QUEUE_URL).toString());
  }

  private static Retry retry(EnvironmentReader reader) {
    return new Retry(
        reader.read(Settings.RETRY_BASE_DELAY),
        reader.read(Settings.RETRY_MAX_DELAY),
        reader.read(Settings.RETRY_MAX_ATTEMPTS),
        Duration.ofSeconds(reader.read(Settings.RETRY_GIVE_UP_AFTER)),
        Duration.ofSeconds(reader.read(Settings.LINE_MAX_TIME)));
  }

  private static Callback callback(EnvironmentReader reader) {
    PublicKeys published = reader.read(Settings.CALLBACK_PUBLIC_KEY, PublicKeys::parse);
    SecretSource<WebhookSecrets> privateKeys =
        reader.read(
            Settings.CALLBACK_SIGNING_KEY,
            text -> WebhookSecrets.parsePrivate(text, published),
            WebhookSecrets.NONE);
    return new Callback(
        reader.read(Settings.CALLBACK_ENABLED),
        reader.read(Settings.CALLBACK_TIMEOUT),
        reader.read(Settings.CALLBACK_MAX_DELAY),
        reader.read(Settings.CALLBACK_MAX_ATTEMPTS),
        Duration.ofSeconds(reader.read(Settings.CALLBACK_GIVE_UP_AFTER)),
        reader.read(Settings.CALLBACK_ON_FAILURE),
        new DestinationRules(
            reader.read(Settings.CALLBACK_ALLOW_PRIVATE_ADDRESSES),
            reader.read(Settings.CALLBACK_ALLOWED_HOSTS, AllowedHosts::parse),
            reader.read(Settings.CALLBACK_ALLOWED_PORTS, AllowedPorts::parse)),
        reader.read(Settings.CALLBACK_SIGNING_SECRET, WebhookSecrets::parse, WebhookSecrets.NONE),
        reader.read(Settings.CALLBACK_SECRET_PER_HOST),
        privateKeys,
        published.isEmpty() && privateKeys instanceof Plain<WebhookSecrets>(WebhookSecrets keys)
            ? keys.publicKeys()
            : published);
  }

  private static Clients clients(EnvironmentReader reader) {
    return new Clients(
        reader.read(Settings.CLIENT_API_KEYS, ClientKeys::parse, ClientKeys.NONE),
        reader.read(Settings.CLIENT_JOBS_PER_HOUR));
  }

  private static Records records(EnvironmentReader reader) {
    return new Records(
        reader.read(Settings.JOB_TABLE),
        Duration.ofSeconds(reader.read(Settings.JOB_RECORD_TIME)),
        Duration.ofSeconds(reader.read(Settings.SIGNATURE_CACHE_TIME)));
  }

  /** Whether a secret is in Secrets Manager. */
  public boolean hasManagedSecret() {
    return Stream.of(upstream.apiKey, callback.secrets, callback.privateKeys, clients.keys)
        .anyMatch(Managed.class::isInstance);
  }

  /** The policy that these settings define. */
  public RetryPolicy retryPolicy() {
    return new RetryPolicy(
        new Stage(
            new Backoff(retry.baseDelay, retry.maxDelay), retry.maxAttempts, retry.giveUpAfter),
        new Stage(
            new Backoff(retry.baseDelay, callback.maxDelay),
            callback.maxAttempts,
            callback.giveUpAfter));
  }
}
