package dev.signrelay.app;

import dev.signrelay.callback.CallbackSigningKeys;
import dev.signrelay.destination.DestinationRules;
import dev.signrelay.job.JobQueue;
import dev.signrelay.policy.Backoff;
import dev.signrelay.policy.RetryPolicy;
import dev.signrelay.policy.Stage;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.secret.Secret;
import dev.signrelay.upstream.ApiKey;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a function. Each group declares its settings where it reads them. The name
 * of a number is followed by its default, its minimum and its maximum.
 */
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
   * @param timeout of a whole upstream call in SignFunction, which may have to end it earlier
   * @param retryTimeout of a whole upstream call in the other functions
   * @param callsPerMinute 0: no limit
   * @param rateLimitTable the table's name; empty if there is no limit
   */
  public record Upstream(
      URI baseUrl,
      Secret.Source<ApiKey> apiKey,
      Duration timeout,
      Duration retryTimeout,
      int callsPerMinute,
      String rateLimitTable) {

    private static Upstream read(EnvironmentReader reader) {
      URI baseUrl = reader.url("CRYPTO_CLIENT_BASE_URL");
      // True by default, so that a local run needs no TLS. The template's default is false.
      reader.require(
          reader.flag("CRYPTO_CLIENT_ALLOW_PLAIN_HTTP", true)
              || "https".equalsIgnoreCase(baseUrl.getScheme()),
          "CRYPTO_CLIENT_BASE_URL must be an https URL, because http sends the key and the messages"
              + " in clear text, unless CRYPTO_CLIENT_ALLOW_PLAIN_HTTP (the template's parameter"
              + " AllowPlainHttpUpstream) is true");
      var apiKey =
          reader.secret("CRYPTO_CLIENT_API_KEY", ApiKey.RULE, true, ApiKey::parse, new ApiKey(""));
      Duration timeout = reader.seconds("CRYPTO_CLIENT_TIMEOUT_SECONDS", "1.5", "0.1", "1.5");
      Duration retryTimeout =
          reader.seconds("CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS", "10", "0.1", "60");
      int calls = reader.wholeNumber("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", 10, 0, 100_000);
      String table = calls == 0 ? "" : reader.text("RATE_LIMIT_TABLE", "a name", true);
      return new Upstream(baseUrl, apiKey, timeout, retryTimeout, calls, table);
    }

    public boolean isLimited() {
      return callsPerMinute > 0;
    }
  }

  /** The URLs of the queues. */
  public record Queues(String retry, String callback, String line, String deadLetter) {

    private static Queues read(EnvironmentReader reader) {
      return new Queues(
          reader.url("RETRY_QUEUE_URL").toString(),
          reader.url("CALLBACK_QUEUE_URL").toString(),
          reader.url("LINE_QUEUE_URL").toString(),
          reader.url("DEAD_LETTER_QUEUE_URL").toString());
    }

    public String url(JobQueue queue) {
      return switch (queue) {
        case RETRY -> retry;
        case CALLBACK -> callback;
        case LINE -> line;
      };
    }
  }

  /**
   * How attempts to sign are repeated, and how long a job may wait in line. A job without a
   * signature is dead-lettered after a failed call when both {@code attempts} and {@code
   * giveUpAfter} are used up.
   *
   * @param baseDelay the shortest delay after the first call, and after the first delivery
   * @param maxDelay the longest delay between two calls, unless the upstream asks for a longer one
   * @param attempts the number of upstream calls
   * @param giveUpAfter the time since acceptance or redrive; zero: the attempts alone decide
   * @param maxLineTime the longest expected wait in line of an accepted request; zero: no bound
   * @param functionTimeout the timeout of RetryFunction
   */
  public record Retry(
      Duration baseDelay,
      Duration maxDelay,
      int attempts,
      Duration giveUpAfter,
      Duration maxLineTime,
      Duration functionTimeout) {

    /**
     * {@code giveUpAfter} is at most 14 days, the longest retention of a queue (Amazon SQS
     * developer guide, "Message quotas"). The bound of {@code maxLineTime} is three days shorter.
     */
    private static Retry read(EnvironmentReader reader) {
      var retry =
          new Retry(
              reader.seconds("RETRY_BASE_DELAY_SECONDS", "20", "1", "900"),
              reader.seconds("RETRY_MAX_DELAY_SECONDS", "900", "1", "86400"),
              reader.wholeNumber("RETRY_MAX_ATTEMPTS", 20, 1, 1_000),
              reader.wholeSeconds("RETRY_GIVE_UP_AFTER_SECONDS", 86_400, 0, 1_209_600),
              reader.wholeSeconds("LINE_MAX_SECONDS", 86_400, 0, 950_400),
              reader.wholeSeconds("RETRY_TIMEOUT_SECONDS", 20, 20, 150));
      reader.require(
          retry.maxDelay.compareTo(retry.baseDelay) >= 0,
          "RETRY_MAX_DELAY_SECONDS must be at least RETRY_BASE_DELAY_SECONDS");
      return retry;
    }

    public boolean exceedsLine(Duration expectedWait) {
      return maxLineTime.isPositive() && expectedWait.compareTo(maxLineTime) > 0;
    }
  }

  /**
   * Where callbacks may be sent, how they are repeated, and the keys that sign them.
   *
   * @param enabled false: requests with a callback URL are refused
   * @param maxDelay between two deliveries, unless the receiver asks for a longer one
   * @param attempts the number of deliveries; a job is dead-lettered when they and {@code
   *     giveUpAfter} are both used up
   * @param giveUpAfter the time since signing or redrive; zero: the attempts alone decide
   * @param notifyOnFailure whether the receiver of a job that is dead-lettered is notified
   * @param secrets shared with receivers; none: callbacks are not signed with a secret
   * @param secretPerHost whether each receiver has secrets of its own, derived from {@code secrets}
   * @param privateKeys none: callbacks are not signed with a private key
   * @param publicKeys the public keys that receivers can read, as texts
   */
  public record Callback(
      boolean enabled,
      Duration timeout,
      Duration maxDelay,
      int attempts,
      Duration giveUpAfter,
      boolean notifyOnFailure,
      DestinationRules destinations,
      Secret.Source<CallbackSigningKeys> secrets,
      boolean secretPerHost,
      Secret.Source<CallbackSigningKeys> privateKeys,
      List<String> publicKeys) {

    /**
     * By default a delivery is repeated for three days (Standard Webhooks, "Deliverability and
     * Reliability").
     */
    private static Callback read(EnvironmentReader reader) {
      List<String> published =
          reader.parsed(
              "CALLBACK_PUBLIC_KEY",
              "",
              CallbackSigningKeys.PUBLIC_RULE,
              CallbackSigningKeys::parsePublic);
      Secret.Source<CallbackSigningKeys> privateKeys =
          reader.secret(
              "CALLBACK_SIGNING_KEY",
              CallbackSigningKeys.PRIVATE_RULE,
              false,
              text -> CallbackSigningKeys.parsePrivate(text, published),
              CallbackSigningKeys.NONE);
      return new Callback(
          reader.flag("CALLBACK_ENABLED", true),
          reader.seconds("CALLBACK_TIMEOUT_SECONDS", "10", "0.1", "60"),
          reader.seconds("CALLBACK_MAX_DELAY_SECONDS", "14400", "1", "86400"),
          reader.wholeNumber("CALLBACK_MAX_ATTEMPTS", 10, 1, 1_000),
          reader.wholeSeconds("CALLBACK_GIVE_UP_AFTER_SECONDS", 259_200, 0, 1_209_600),
          reader.flag("CALLBACK_ON_FAILURE", false),
          new DestinationRules(
              reader.flag("CALLBACK_ALLOW_PRIVATE_ADDRESSES", false),
              reader.parsed(
                  "CALLBACK_ALLOWED_HOSTS", "", "hosts or *.domain", DestinationRules::parseHosts),
              reader.parsed(
                  "CALLBACK_ALLOWED_PORTS",
                  "443,8443",
                  "ports from 1 to 65535",
                  DestinationRules::parsePorts)),
          reader.secret(
              "CALLBACK_SIGNING_SECRET",
              CallbackSigningKeys.RULE,
              false,
              CallbackSigningKeys::parse,
              CallbackSigningKeys.NONE),
          reader.flag("CALLBACK_SECRET_PER_HOST", false),
          privateKeys,
          published.isEmpty()
                  && privateKeys
                      instanceof Secret.Fixed<CallbackSigningKeys>(CallbackSigningKeys keys)
              ? keys.publicKeys()
              : published);
    }
  }

  /**
   * How clients identify themselves, and how much they may store.
   *
   * @param keys none: no key is required
   * @param jobsPerHour how many jobs a client may store in a clock hour; 0: no quota
   */
  public record Clients(Secret.Source<ClientKeys> keys, int jobsPerHour) {

    private static Clients read(EnvironmentReader reader) {
      // A setting of an earlier version must not be ignored.
      reader.require(
          reader.value("CLIENT_MAX_WAITING").isEmpty(),
          "CLIENT_MAX_WAITING has been replaced by CLIENT_JOBS_PER_HOUR");
      return new Clients(
          reader.secret(
              "CLIENT_API_KEYS", ClientKeys.RULE, false, ClientKeys::parse, ClientKeys.NONE),
          reader.wholeNumber("CLIENT_JOBS_PER_HOUR", 0, 0, 1_000_000));
    }

    /**
     * @param client empty: the client is unknown
     */
    public boolean haveQuota(String client) {
      return jobsPerHour > 0 && !client.isEmpty();
    }
  }

  /**
   * The records of jobs, and the reuse of signatures.
   *
   * @param table the table's name; empty: jobs have no records
   * @param keep how long a record is kept after its job is over
   * @param reuseSignatures how long a signature is reused; zero: never
   */
  public record Records(String table, Duration keep, Duration reuseSignatures) {

    private static Records read(EnvironmentReader reader) {
      var records =
          new Records(
              reader.text("JOB_TABLE", "a name", false),
              reader.wholeSeconds("JOB_RECORD_SECONDS", 86_400, 60, 1_209_600),
              reader.wholeSeconds("SIGNATURE_CACHE_SECONDS", 0, 0, 86_400));
      reader.require(
          records.enabled() || !records.reusesSignatures(),
          "SIGNATURE_CACHE_SECONDS needs JOB_TABLE");
      return records;
    }

    public boolean enabled() {
      return !table.isEmpty();
    }

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
    Config config = read(reader);
    reader.throwIfInvalid();
    return config;
  }

  /** All settings, in the order in which they are read. */
  public static List<Setting> settings() {
    var reader = new EnvironmentReader(_ -> null);
    var _ = read(reader);
    return reader.settings();
  }

  private static Config read(EnvironmentReader reader) {
    var upstream = Upstream.read(reader);
    var queues = Queues.read(reader);
    var retry = Retry.read(reader);
    var callback = Callback.read(reader);
    var clients = Clients.read(reader);
    var records = Records.read(reader);
    reader.require(
        callback.maxDelay.compareTo(retry.baseDelay) >= 0,
        "CALLBACK_MAX_DELAY_SECONDS must be at least RETRY_BASE_DELAY_SECONDS");
    Duration longestCall = retry.functionTimeout.minusSeconds(10);
    reader.require(
        longestCall.compareTo(upstream.retryTimeout) >= 0
            && longestCall.compareTo(callback.timeout) >= 0,
        "RETRY_TIMEOUT_SECONDS must be at least 10 s more than CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS"
            + " and CALLBACK_TIMEOUT_SECONDS");
    boolean clientsHaveKeys = !clients.keys.equals(new Secret.Fixed<>(ClientKeys.NONE));
    reader.require(
        clients.jobsPerHour == 0 || records.enabled() && clientsHaveKeys,
        "CLIENT_JOBS_PER_HOUR needs JOB_TABLE and CLIENT_API_KEYS");
    return new Config(upstream, queues, retry, callback, clients, records);
  }

  /**
   * Whether a request to sign can call DynamoDB even if it has no {@code Idempotency-Key} and its
   * job has no record: for the rate limit, the reuse of signatures, or the client's quota.
   */
  public boolean needsTableToSign() {
    return upstream.isLimited() || records.reusesSignatures() || clients.jobsPerHour > 0;
  }

  public boolean hasManagedSecret() {
    return Stream.of(upstream.apiKey, callback.secrets, callback.privateKeys, clients.keys)
        .anyMatch(Secret.Managed.class::isInstance);
  }

  public RetryPolicy retryPolicy() {
    return new RetryPolicy(
        new Stage(new Backoff(retry.baseDelay, retry.maxDelay), retry.attempts, retry.giveUpAfter),
        new Stage(
            new Backoff(retry.baseDelay, callback.maxDelay),
            callback.attempts,
            callback.giveUpAfter));
  }
}
