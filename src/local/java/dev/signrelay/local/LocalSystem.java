package dev.signrelay.local;

import dev.signrelay.DispatchHandler;
import dev.signrelay.RetryHandler;
import dev.signrelay.SignHandler;
import dev.signrelay.app.Config;
import dev.signrelay.app.ServiceFactory;
import dev.signrelay.app.Services;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.http.Network;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.telemetry.EventLog;
import dev.signrelay.time.SystemTime;
import dev.signrelay.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The whole system in one process: API front, the functions with the environment of the template
 * and their triggers, queue server, DynamoDB server, demo signing API and callback inbox.
 */
public final class LocalSystem implements AutoCloseable {

  /** Closed in reverse order: consumers before the services that they use. */
  private final Deque<AutoCloseable> closeables = new ArrayDeque<>();

  private final QueueServer queues;
  private final DynamoDbServer limits;
  private final @Nullable UnreliableSigner signer;
  private final CallbackInbox inbox;
  private final LocalServer front;
  private final Map<String, String> environment;

  /**
   * The setup of the system.
   *
   * @param environment settings that override the template's; if they contain {@code
   *     CRYPTO_CLIENT_BASE_URL}, there is no demo signer
   * @param signerCallsPerMinute the demo signer's rate limit; 0: none
   * @param visibilityTimeout of the queues that invoke RetryFunction, after which a failed record
   *     is delivered again; null: the template's
   * @param dispatchInterval between two runs of DispatchFunction; null: the template's
   */
  public record Setup(
      String bind,
      Ports ports,
      Map<String, String> environment,
      UnreliableSigner.Behaviour behaviour,
      int signerCallsPerMinute,
      @Nullable Duration visibilityTimeout,
      @Nullable Duration dispatchInterval) {}

  /** Ports to listen on; 0: any free port. */
  public record Ports(int front, int signer, int inbox, int sqs, int dynamoDb) {
    public static final Ports ANY = new Ports(0, 0, 0, 0, 0);
  }

  /**
   * @throws IOException if a port is already in use
   * @throws IllegalStateException if a setting is invalid
   */
  public LocalSystem(Setup setup, EventLog log, Consumer<CallbackInbox.Delivery> onDelivery)
      throws IOException {
    try {
      Template template = Template.read();
      TimeSource time = new SystemTime();
      // These take most of the time of a start.
      try (ExecutorService starts = Executors.newFixedThreadPool(2)) {
        Future<QueueServer> queueServer =
            starts.submit(
                () ->
                    opened(
                        new QueueServer(
                            setup.bind(),
                            setup.ports().sqs(),
                            template,
                            setup.visibilityTimeout())));
        Future<DynamoDbServer> tableServer =
            starts.submit(
                () -> opened(new DynamoDbServer(setup.bind(), setup.ports().dynamoDb(), template)));
        queues = started(queueServer);
        limits = started(tableServer);
      }
      inbox = opened(new CallbackInbox(setup.bind(), setup.ports().inbox(), onDelivery));
      signer = setup.environment().containsKey("CRYPTO_CLIENT_BASE_URL") ? null : signer(setup);
      environment = environment(template, setup);
      Config config = Config.from(environment::get);
      var aws =
          AwsClients.of(
              () -> opened(QueueServer.client(queues.endpoint())),
              () -> opened(DynamoDbServer.client(limits.endpoint())));
      Network network = Network.ofSystem();
      Network host = new Network(new ContainerHost(network.names()), network.tls());
      Supplier<Services> services = () -> ServiceFactory.create(config, aws, time, log, host);

      var retry =
          new LambdaFunction(
              "RetryFunction", new RetryHandler(services.get()), config.retry().functionTimeout());
      List<SqsEventSource> sources =
          SqsTrigger.of(template, retry.name()).stream()
              .map(trigger -> opened(source(trigger, retry)))
              .toList();
      // All stop receiving before the first one is waited for.
      sources.forEach(source -> closeables.push(source::stop));
      var dispatch =
          LambdaFunction.of(template, "DispatchFunction", new DispatchHandler(services.get()));
      opened(Schedule.of(template, dispatch, setup.dispatchInterval()));
      aws.dynamoDbPrimer().prime();
      aws.sqsPrimer().prime();
      Services ofSign = services.get();
      awaitTable(ofSign);
      var sign = LambdaFunction.of(template, "SignFunction", new SignHandler(ofSign));
      front =
          opened(
              new LocalServer(
                  setup.bind(),
                  setup.ports().front(),
                  ApiGatewayFront.MAX_HEAD_BYTES,
                  new ApiGatewayFront(sign, Throttle.of(template, 1, time)::admit)::handle));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The first answer of the table's server takes longer than a request can wait for it. */
  private static void awaitTable(Services services) {
    try {
      var _ = services.limiter().freeCalls(Duration.ZERO, Duration.ofSeconds(10));
    } catch (LimiterUnavailableException _) {
      // The functions handle that.
    }
  }

  private static <T> T started(Future<T> server) throws IOException {
    try {
      return server.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private SqsEventSource source(SqsTrigger trigger, LambdaFunction function) {
    return new SqsEventSource(
        queues.client(),
        queues.queues().url(trigger.queue()),
        function,
        trigger.batchSize(),
        trigger.concurrency());
  }

  private UnreliableSigner signer(Setup setup) throws IOException {
    return opened(
        new UnreliableSigner(
            setup.bind(),
            setup.ports().signer(),
            LocalEnvironment.UPSTREAM_KEY,
            setup.signerCallsPerMinute(),
            setup.behaviour(),
            new SystemTime()));
  }

  private Map<String, String> environment(Template template, Setup setup) {
    var references = new HashMap<>(queues.queues().references());
    references.put("RateLimitTable", limits.tableName());
    references.put("JobTable", DynamoDbServer.JOB_TABLE);
    if (signer != null) {
      references.put("CryptoClientBaseUrl", signer.server().url().toString());
    }
    Map<String, String> all = LocalEnvironment.of(template, references);
    all.putAll(setup.environment());
    return all;
  }

  private synchronized <T extends AutoCloseable> T opened(T closeable) {
    closeables.push(closeable);
    return closeable;
  }

  public URI signUrl() {
    return URI.create(front.url() + "/crypto/sign");
  }

  public LocalServer front() {
    return front;
  }

  public QueueServer queues() {
    return queues;
  }

  public DynamoDbServer limits() {
    return limits;
  }

  public CallbackInbox inbox() {
    return inbox;
  }

  /** The demo signer; null if another upstream is used. */
  public @Nullable UnreliableSigner signer() {
    return signer;
  }

  public Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  @Override
  public synchronized void close() {
    while (!closeables.isEmpty()) {
      try {
        closeables.pop().close();
      } catch (Exception e) {
        System.err.println("Error while stopping: " + e);
      }
    }
  }
}
