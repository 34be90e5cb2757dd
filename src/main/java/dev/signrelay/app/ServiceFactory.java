package dev.signrelay.app;

import dev.signrelay.app.Services.Platform;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.aws.ClientPrimer;
import dev.signrelay.aws.Table;
import dev.signrelay.callback.HttpCallbackSender;
import dev.signrelay.destination.PublicAddresses;
import dev.signrelay.http.HttpClients;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.http.Network;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.jobrecord.MessageKeys;
import dev.signrelay.limit.NoLimit;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.limit.SlidingWindowLimiter;
import dev.signrelay.queue.SqsJobQueues;
import dev.signrelay.queue.SqsLine;
import dev.signrelay.secret.ManagedSecret;
import dev.signrelay.secret.Secret;
import dev.signrelay.secret.SecretsManager;
import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.JsonLines;
import dev.signrelay.time.SystemTime;
import dev.signrelay.time.TimeSource;
import dev.signrelay.upstream.HttpSigner;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Creates the production services. */
public final class ServiceFactory {

  public static final TimeSource TIME = new SystemTime();

  /** The function's log: standard output, which Lambda sends to CloudWatch. */
  public static final EventLog LOG =
      new JsonLines(
          System.out,
          TIME,
          System.getenv().getOrDefault("AWS_LAMBDA_FUNCTION_NAME", "outside-lambda"));

  private ServiceFactory() {}

  /**
   * Creates the services without sending a request. The operator chooses the upstream, so its
   * address is not checked. Clients choose callback URLs, so the addresses of receivers are
   * checked, unless private addresses are allowed.
   */
  public static Services create(
      Config config, AwsClients aws, TimeSource time, EventLog log, Network network) {
    String userAgent = "SignRelay/" + Version.current();
    Predicate<InetAddress> any = _ -> true;
    var upstream = new HttpTransport(HttpClients.create(network, any, userAgent), time);
    Predicate<InetAddress> allowed =
        config.callback().destinations().allowPrivate() ? any : PublicAddresses::contains;
    var receivers = new HttpTransport(HttpClients.create(network, allowed, userAgent), time);
    var random = new SecureRandom();
    Supplier<String> ids = () -> UUID.randomUUID().toString();
    var store = new SecretsManager(aws.secretsManager(), time);
    var upstreamKey = secret(config.upstream().apiKey(), store, time, log);
    return new Services(
        config,
        time,
        log,
        secret(config.clients().keys(), store, time, log),
        new HttpSigner(upstream, config.upstream().baseUrl(), upstreamKey, time),
        new HttpCallbackSender(
            config.callback().destinations(),
            receivers,
            time,
            secret(config.callback().secrets(), store, time, log),
            config.callback().secretPerHost(),
            secret(config.callback().privateKeys(), store, time, log)),
        limiter(config.upstream(), aws, time, ids),
        new SqsJobQueues(aws.sqs(), config.queues()::url, config.queues().deadLetter(), time),
        new SqsLine(aws.sqs(), config.queues().line(), time),
        new JobTable(
            new Table(aws.dynamoDb(), config.records().table(), time),
            new JobTable.Rules(
                config.records().keep(),
                config.records().reuseSignatures(),
                config.clients().jobsPerHour()),
            new MessageKeys(config.upstream().baseUrl(), upstreamKey),
            time),
        queuePrimer(config.records(), aws),
        new Platform(random::nextDouble, ids, () -> Runtime.getRuntime().halt(1)));
  }

  private static <T> Secret<T> secret(
      Secret.Source<T> source, SecretsManager store, TimeSource time, EventLog log) {
    return switch (source) {
      case Secret.Fixed<T> fixed -> fixed;
      case Secret.Managed<T> managed ->
          new ManagedSecret<>(managed, limit -> store.read(managed.arn(), limit), time, log);
    };
  }

  /** Also primes DynamoDB's client if jobs have records: one is written after its job is sent. */
  private static ClientPrimer queuePrimer(Config.Records config, AwsClients aws) {
    return new ClientPrimer(
        () -> {
          aws.sqsPrimer().prime();
          if (config.enabled()) {
            aws.dynamoDbPrimer().prime();
          }
        });
  }

  private static RateLimiter limiter(
      Config.Upstream upstream, AwsClients aws, TimeSource time, Supplier<String> ids) {
    return upstream.isLimited()
        ? SlidingWindowLimiter.inTable(
            aws.dynamoDb(), upstream.rateLimitTable(), upstream.callsPerMinute(), time, ids)
        : new NoLimit(time);
  }
}
