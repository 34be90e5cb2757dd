package dev.signrelay.priming;

import dev.signrelay.app.Config;
import dev.signrelay.app.ServiceFactory;
import dev.signrelay.app.Services;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.http.Network;
import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.telemetry.JsonLines;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Creates the services of a function while Lambda initializes it.
 *
 * <p>With SnapStart, Lambda initializes a published version once, takes a snapshot of its memory,
 * and starts every process from a copy of it (AWS Lambda developer guide, "Improving startup
 * performance with Lambda SnapStart"). Before the snapshot, the function is {@linkplain Priming
 * primed} with other services, and then its own services and the SDK's clients are created. They
 * are not used: an unused service has no connection, credential, secret or schedule, and has not
 * read the clock, so nothing that has to be fresh is copied.
 *
 * <p>Ids and jitter differ in each copy: they come from {@link java.security.SecureRandom}, whose
 * numbers the runtime mixes with random numbers of the operating system (same guide, "Handling
 * uniqueness with Lambda SnapStart"). The SDK reads the credentials at the first call of any
 * client, from the endpoint that Lambda provides with SnapStart (same guide, "Activating and
 * managing Lambda SnapStart").
 */
public final class SnapStart {

  /** What a function does before its first event, if no client waits for its start. */
  @FunctionalInterface
  public interface Primer {
    void prime(Priming priming) throws IOException;
  }

  /** Formats priming's log events, so that this is primed too, and discards them. */
  private static final EventLog NO_OP_LOG =
      new JsonLines(
          new PrintStream(OutputStream.nullOutputStream()), ServiceFactory.TIME, "priming");

  /**
   * The number of runs after which most of the code that a first event runs is compiled
   * (docs/performance.md). All runs together lengthen a deployment by 10 to 50 s, with little
   * memory by a minute.
   */
  private static final int RUNS = 30;

  private SnapStart() {}

  /**
   * Creates the production services. First primes the function, if no client waits for this start.
   *
   * @throws IllegalStateException if a setting is missing or invalid; with SnapStart, the version
   *     is then not published
   */
  public static Services services(Primer primer) {
    return services(primer, System::getenv, AwsClients.fromEnvironment());
  }

  static Services services(
      Primer primer, UnaryOperator<@Nullable String> environment, AwsClients aws) {
    var config = Config.from(environment);
    boolean isAhead = isAheadOfEvents(environment.apply("AWS_LAMBDA_INITIALIZATION_TYPE"));
    if (isAhead) {
      prime(primer, config);
    }
    Services services =
        ServiceFactory.create(
            config, aws, ServiceFactory.TIME, ServiceFactory.LOG, Network.ofSystem());
    if (isAhead) {
      services.queuePrimer().prime();
    }
    if (config.needsTableToSign()) {
      aws.dynamoDbPrimer().prime();
    }
    if (config.hasManagedSecret()) {
      aws.secretsManagerPrimer().prime();
    }
    return services;
  }

  /** Whether Lambda starts the process ahead of events, so that no client waits. */
  private static boolean isAheadOfEvents(@Nullable String initializationType) {
    return "snap-start".equals(initializationType)
        || "provisioned-concurrency".equals(initializationType);
  }

  /**
   * Primes the function. A failure is only logged: the function works nevertheless, but starts
   * slowly. A class that cannot be loaded may be one that only priming needs.
   */
  private static void prime(Primer primer, Config config) {
    try {
      primer.prime(
          new Priming(
              RUNS,
              config.upstream().isLimited(),
              config.records().enabled(),
              ServiceFactory.TIME,
              NO_OP_LOG));
    } catch (IOException | RuntimeException | LinkageError e) {
      ServiceFactory.LOG.write(FailureEvents.primingFailed(e));
    }
  }
}
