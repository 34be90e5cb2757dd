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
 * The services that the workflows use: everything that depends on the world outside the process,
 * including the clock and randomness. Priming, tests and the simulation create them differently.
 *
 * @param jobTable without records ({@link Config.Records#enabled}), each of its requests fails
 * @param queuePrimer initializes the clients of SQS and, for records, of DynamoDB before their
 *     first use
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
   * Random numbers, unique ids, and the end of the process.
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
   * fails: SQS delivers its batch again, or the next run of DispatchFunction replaces it.
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
   * @param limit how long each of the two reads may take
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
   * @return whether the table has this record or a later one; false: the request failed, or there
   *     is no table, which is logged. The record may nevertheless have been written.
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
   * Creates the signer for attempts to sign. It reuses signatures if the settings say so.
   *
   * @param calls the source of the attempts' grants
   */
  public JobSigner jobSigner(CallSource calls) {
    var limited = new RateLimitedSigner(calls, signer, time);
    return config.records().reusesSignatures()
        ? new CachingSigner(limited, jobTable, time, platform.ids, log)
        : limited;
  }
}
