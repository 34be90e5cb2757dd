package dev.signrelay.priming;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.signrelay.app.Config;
import dev.signrelay.app.ServiceFactory;
import dev.signrelay.app.Services;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.event.EventSerializer;
import dev.signrelay.http.Network;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.time.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;

/**
 * Runs a function's handler on sample events, with production services whose upstream, receiver and
 * AWS are a {@linkplain PrimingResponses server in this process}. The classes that the first real
 * event needs are then loaded, initialized and compiled. Nothing leaves the process, and every
 * connection is closed at the end. No credential of the function is requested, and none of its
 * settings is read besides these parameters.
 *
 * @param minRuns how often the sample events are handled; more often if not every outcome occurred
 * @param isLimited whether the function has a rate limit
 * @param hasRecords whether jobs have records. If there are neither a limit nor records, DynamoDB's
 *     client is not primed.
 * @param log receives the log events
 */
public record Priming(
    int minRuns, boolean isLimited, boolean hasRecords, TimeSource time, EventLog log) {

  /**
   * A function's handler, run with given services.
   *
   * @param <E> the type of its event
   */
  @FunctionalInterface
  public interface Handler<E> {

    /** Returns the response. */
    Object handle(Services services, E event);
  }

  /** The SDK reads this system property before the environment variable that Lambda sets. */
  private static final String CREDENTIALS_URL =
      SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.property();

  /** The time that RetryFunction has for a priming event. */
  public static final Duration TIME = Duration.ofSeconds(90);

  /**
   * The time that DispatchFunction has for a priming event. It reserves 55 s of it for steps, and
   * so ends after 1 s. A longer run would ask for more jobs after 10 s.
   */
  public static final Duration DISPATCH_TIME = Duration.ofSeconds(56);

  /** The most runs after {@code minRuns}: timeouts may end the first runs, which are slow. */
  private static final int MORE_RUNS = 20;

  /**
   * No run begins after this time, which only a slow machine needs: Lambda ends an initialization
   * with SnapStart after 130 s, or the function's timeout if that is longer, and the deployment
   * then fails (AWS Lambda developer guide, "Understanding the Lambda execution environment
   * lifecycle").
   */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** The limit, if there is one: a run makes at most four calls, none of which may have to wait. */
  private static final int CALLS_PER_MINUTE = 10;

  /**
   * Primes SignFunction: a query is signed, and the job of a body is queued. If there are records,
   * one is read.
   */
  public void sign(Handler<APIGatewayV2HTTPEvent> handler) throws IOException {
    prime(
        hasRecords ? Set.of("signed", "http-503", "job status") : Set.of("signed", "http-503"),
        (services, server) -> {
          for (InputStream request :
              List.of(
                  PrimingEvents.query("message=" + PrimingResponses.SIGNED, PrimingResponses.KEY),
                  PrimingEvents.body(
                      Map.of("message", PrimingResponses.REFUSED, "callback_url", server + "/"),
                      PrimingResponses.KEY))) {
            invoke(handler, services, APIGatewayV2HTTPEvent.class, request);
          }
          if (hasRecords) {
            invoke(
                handler,
                services,
                APIGatewayV2HTTPEvent.class,
                PrimingEvents.job("priming", PrimingResponses.KEY));
          }
        });
  }

  /** Primes RetryFunction: jobs are signed, fail, are delivered, and are not due. */
  public void retry(Handler<SQSEvent> handler) throws IOException {
    prime(
        Set.of("signed", "http-204", "http-503"),
        (services, server) -> {
          var acceptance = new Acceptance("priming", server, time.instant());
          var signed = NeedsSignature.first(acceptance, PrimingResponses.SIGNED);
          var refused = NeedsSignature.first(acceptance, PrimingResponses.REFUSED);
          var notDue = refused.withNotBefore(time.instant().plus(TIME));
          var deliverable = signed.signed(PrimingResponses.SIGNED, time.instant());
          List<Job> jobs =
              List.of(signed, signed, refused, refused, deliverable, deliverable, notDue, notDue);
          invoke(handler, services, SQSEvent.class, PrimingEvents.batch(jobs));
        });
  }

  /** Primes DispatchFunction: of four jobs in line, two are signed and two fail. */
  public void dispatch(Handler<ScheduledEvent> handler) throws IOException {
    prime(
        Set.of("dispatch", "signed", "http-503"),
        (services, _) -> invoke(handler, services, ScheduledEvent.class, PrimingEvents.tick()));
  }

  /** Does what Lambda's runtime client does: reads the event and writes the response. */
  private static <E> void invoke(
      Handler<E> handler, Services services, Class<E> type, InputStream json) {
    var serializer = new EventSerializer();
    E event = serializer.fromJson(json, type);
    Object response = handler.handle(services, event);
    serializer.toJson(response, OutputStream.nullOutputStream(), response.getClass());
  }

  /** The events of one run. */
  @FunctionalInterface
  private interface Scenario {
    void run(Services services, URI server) throws IOException;
  }

  /**
   * Runs a scenario {@code minRuns} times, and until every outcome has occurred, if time permits.
   */
  private void prime(Set<String> outcomes, Scenario scenario) throws IOException {
    Set<Object> seen = ConcurrentHashMap.newKeySet();
    EventLog observed =
        event -> {
          log.write(event);
          if (event.level() != Level.ERROR) {
            seen.add(event.fields().getOrDefault("outcome", event.name()));
          }
        };
    var responses = new PrimingResponses(CALLS_PER_MINUTE, time);
    try (var server = LoopbackServer.start(responses::answer)) {
      indexTrustStore(server.url());
      keepConnection(server.addressUrl());
      System.setProperty(CREDENTIALS_URL, server.credentialsUrl().toString());
      Instant end = time.instant().plus(LONGEST);
      for (int runs = 1; runs <= minRuns + MORE_RUNS && time.instant().isBefore(end); runs++) {
        try (AwsClients aws = clients(server)) {
          scenario.run(services(aws, server, observed), server.url());
        }
        if (seen.containsAll(outcomes) && runs >= minRuns) {
          return;
        }
      }
    } finally {
      System.clearProperty(CREDENTIALS_URL);
    }
    if (!seen.containsAll(outcomes)) {
      throw new IOException("priming did not reach every outcome");
    }
  }

  /**
   * Lets the system's trust store check the server's certificate, which it does not trust. Its
   * first check indexes all issuers.
   */
  private static void indexTrustStore(URI server) throws IOException {
    SSLSocketFactory sockets = Network.ofSystem().tls().getSocketFactory();
    try (Socket socket = sockets.createSocket(server.getHost(), server.getPort())) {
      ((SSLSocket) socket).startHandshake();
    } catch (SSLHandshakeException _) {
      // It is not trusted.
    }
  }

  /**
   * Lets the JDK's HTTP client keep a connection, as Lambda's runtime client does after a restore,
   * and closes it. The first kept connection loads a subclass of {@code ArrayDeque}. The JVM then
   * discards compiled methods that assumed that there is none.
   */
  private static void keepConnection(URI server) throws IOException {
    var request = (HttpURLConnection) server.toURL().openConnection();
    request.getInputStream().readAllBytes(); // otherwise the JDK keeps the connection later
    request.disconnect();
  }

  private static AwsClients clients(LoopbackServer server) {
    return AwsClients.of(
        server.url(), server.tls().newClient(), ContainerCredentialsProvider.create());
  }

  private Services services(AwsClients aws, LoopbackServer server, EventLog observed) {
    Network network = Network.ofSystem().withTls(server.tls().newClient());
    return ServiceFactory.create(
        Config.from(settings(server.url())::get), aws, time, observed, network);
  }

  private Map<String, String> settings(URI server) {
    var settings = new HashMap<String, String>();
    settings.put("CRYPTO_CLIENT_BASE_URL", server.toString());
    settings.put("CRYPTO_CLIENT_API_KEY_ARN", PrimingResponses.KEY_ARN);
    settings.put(
        "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE",
        Integer.toString(isLimited ? CALLS_PER_MINUTE : 0));
    settings.put("RATE_LIMIT_TABLE", "priming");
    settings.put("JOB_TABLE", hasRecords ? PrimingResponses.JOB_TABLE : "");
    // Even if the function reuses no signatures: this costs little, and no signature is found.
    settings.put("SIGNATURE_CACHE_SECONDS", hasRecords ? "60" : "0");
    settings.put("RETRY_QUEUE_URL", server + "/retry");
    settings.put("CALLBACK_QUEUE_URL", server + "/callback");
    settings.put("LINE_QUEUE_URL", server + "/line");
    settings.put("DEAD_LETTER_QUEUE_URL", server + "/dead");
    settings.put("CALLBACK_ALLOW_PRIVATE_ADDRESSES", "true");
    settings.put("CALLBACK_SIGNING_SECRET_ARN", PrimingResponses.CALLBACK_SECRET_ARN);
    settings.put("CLIENT_API_KEYS_ARN", PrimingResponses.KEY_ARN);
    return settings;
  }
}
