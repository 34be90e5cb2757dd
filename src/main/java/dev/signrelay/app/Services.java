package dev.signrelay.app;

import dev.signrelay.attempt.CachingSigner;
import dev.signrelay.attempt.JobSigner;
import dev.signrelay.attempt.JobSigner.CallSource;
import dev.signrelay.attempt.RateLimitedSigner;
import dev.signrelay.aws.ClientPrimer;
import dev.signrelay.aws.Table.TableUnavailableException;
import dev.signrelay.callback.CallbackSender;
import dev.signrelay.job.Attempt;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.policy.RetryDecision;
import dev.signrelay.queue.JobQueues;
import dev.signrelay.queue.Line;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.secret.Secret;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.time.TimeSource;
import dev.signrelay.upstream.Signer;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * The services that the workflows use: everything that reaches outside the process, including the
 * clock and randomness, so that a workflow can run with other services.
 *
 * @param jobTable without a table ({@link Config.Records#enabled}) each request to it fails
 * @param queuePrimer initializes the clients of the queue and of the records ahead of their first
 *     use
 */
public record Services(
    Config config,
    TimeSource time,
    EventLog log,
    Secret<ClientKeys> clientKeys,
    Signer signer,
    CallbackSender callbacks,
    RateLimiter limiter,
    JobQueues queues,
    Line line,
    JobTable jobTable,
    ClientPrimer queuePrimer,
    Platform platform) {

  /**
   * What a process has of its own.
   *
   * @param random returns numbers in [0, 1), for jitter
   * @param ids returns a new unique id each time
   * @param restart ends the process at once
   */
  public record Platform(DoubleSupplier random, Supplier<String> ids, Runnable restart) {}

  /** A number in [0, 1), for jitter. */
  public double random() {
    return platform.random.getAsDouble();
  }

  /**
   * Ends the process if its clock is wrong, so that Lambda starts another one. The invocation
   * fails, and its event is delivered again.
   */
  public void restartIfClockIsWrong() {
    if (limiter.refusesClock()) {
      log.write(FailureEvents.wrongClock());
      platform.restart.run();
    }
  }

  /**
   * Reads the secrets of upstream calls and callbacks, if they have to be read.
   *
   * @param limit how long each may take
   * @throws SecretUnavailableException if one has never been read
   */
  public void requireSecrets(Duration limit) {
    signer.prepare(limit);
    callbacks.prepare(limit);
  }

  /**
   * Writes the record of a job after an attempt.
   *
   * @param timeout limits the whole call
   * @return false if the table did not answer in time, or if there is none. That is logged.
   */
  public boolean writeRecord(Attempt attempt, RetryDecision decision, Duration timeout) {
    try {
      jobTable.writeRecord(JobRecord.after(attempt, decision, time.instant()), timeout);
      return true;
    } catch (TableUnavailableException e) {
      log.write(FailureEvents.recordNotWritten(attempt.id(), e));
      return false;
    }
  }

  /**
   * Makes attempts to sign, which reuse signatures if the settings say so.
   *
   * @param calls where an attempt gets its grant from
   */
  public JobSigner jobSigner(CallSource calls) {
    var limited = new RateLimitedSigner(calls, signer, time);
    return config.records().reusesSignatures()
        ? new CachingSigner(limited, jobTable, time, platform.ids, log)
        : limited;
  }
}
