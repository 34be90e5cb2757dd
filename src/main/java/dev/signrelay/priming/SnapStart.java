package dev.signrelay.priming;

import dev.signrelay.app.Config;
import dev.signrelay.app.ServiceFactory;
import dev.signrelay.app.Services;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.aws.Lazy;
import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.telemetry.JsonLines;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;

/**
 * Creates the services of a function that Lambda may start from a snapshot.
 *
 * <p>With SnapStart, Lambda starts a published version once, takes a snapshot of its memory, and
 * starts every process from a copy of it (AWS Lambda developer guide, "Lambda SnapStart runtime
 * hooks for Java"). Keys, connections and the remembered schedule of the rate limiter would be as
 * old as the snapshot and the same in all copies. So the snapshot contains no services: before it,
 * the function is {@linkplain Priming primed} with temporary services, which loads and compiles its
 * classes; the production services are created after each restore.
 */
public final class SnapStart implements Resource, Supplier<Services> {

  /** What a function does before the snapshot. */
  @FunctionalInterface
  public interface Primer {
    void prime(Priming priming) throws IOException;
  }

  /** Writes priming's events, so that writing is primed too, and discards them. */
  private static final EventLog NO_OP_LOG =
      new JsonLines(
          new PrintStream(OutputStream.nullOutputStream()), ServiceFactory.TIME, "priming");

  private final Primer primer;
  private final boolean isLimited;
  private final boolean hasRecords;
  private final boolean hasManagedSecret;
  private final Supplier<Services> services;

  /**
   * @param factory creates the services; called once, when they are first needed
   * @throws IllegalStateException if a setting is missing or invalid. A hook could not report that:
   *     Lambda's runtime client reports the message of an exception that a constructor throws, but
   *     not of one that a hook throws.
   */
  SnapStart(
      Primer primer, UnaryOperator<@Nullable String> environment, Supplier<Services> factory) {
    this.primer = primer;
    var config = Config.from(environment);
    this.isLimited = config.upstream().isLimited();
    this.hasRecords = config.records().enabled();
    this.hasManagedSecret = config.hasManagedSecret();
    this.services = new Lazy<>(factory);
  }

  /**
   * Production services, created at the time that suits the way in which Lambda starts the
   * function.
   *
   * @throws IllegalStateException if a setting is missing or invalid; with SnapStart, the version
   *     is then not published
   */
  public static Supplier<Services> services(Primer primer) {
    var aws = AwsClients.fromEnvironment();
    var start = new SnapStart(primer, System::getenv, () -> ServiceFactory.fromEnvironment(aws));
    switch (System.getenv().getOrDefault("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")) {
      // The handler keeps the returned object; Lambda's context refers to it weakly.
      case "snap-start" -> Core.getGlobalContext().register(start);
      case "provisioned-concurrency" -> {
        start.prime();
        start.createServices();
      }
      // A client waits for this start, so only what every event needs is initialized.
      default -> {
        start.createServices();
        if (start.isLimited || start.hasRecords) {
          aws.dynamoDbPrimer().prime();
        }
        if (start.hasManagedSecret) {
          aws.secretsManagerPrimer().prime();
        }
      }
    }
    return start;
  }

  @Override
  public Services get() {
    return services.get();
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    prime();
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    createServices();
  }

  private void createServices() {
    var _ = get();
  }

  /** A function whose priming failed works, and starts slowly. */
  private void prime() {
    try {
      primer.prime(new Priming(isLimited, hasRecords, ServiceFactory.TIME, NO_OP_LOG));
    } catch (IOException | RuntimeException e) {
      ServiceFactory.LOG.write(FailureEvents.primingFailed(e));
    }
  }
}
