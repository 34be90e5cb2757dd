package dev.signrelay.attempt;

import dev.signrelay.job.SigningResult;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.time.TimeSource;
import java.util.function.Supplier;

/**
 * One call for one message: reuses a signature that was obtained before, and waits while another
 * attempt calls the upstream for the same message. Otherwise another signer makes the attempt.
 *
 * @param signer makes an attempt with a call
 * @param ids returns a new unique text each time
 * @param log receives failures of the cache, one for each attempt
 */
public record CachingSigner(
    JobSigner signer, JobTable table, TimeSource time, Supplier<String> ids, EventLog log)
    implements JobSigner {

  @Override
  public SigningResult attempt(String id, String message, SigningTimeouts timeouts) {
    return new CachedAttempt(
            table,
            time,
            message,
            ids.get(),
            timeouts,
            within -> signer.attempt(id, message, within),
            failure -> log.write(FailureEvents.cacheUnavailable(id, failure)))
        .run();
  }
}
