package dev.signrelay.signing;

import dev.signrelay.cache.SignatureCache;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningResult;
import dev.signrelay.telemetry.EventLog;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.time.TimeSource;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One call for one message: reuses a signature that was obtained before, and waits while another
 * attempt calls the upstream for the same message. Otherwise another signer makes the attempt.
 *
 * <p>If a job carries a grant and does not need it, or waits too long for another call, the grant
 * expires unused: that call is lost to the rate limit.
 *
 * @param signer makes an attempt with a call
 * @param ids returns a new unique text each time
 * @param log receives failures of the cache, one for each attempt
 */
public record CachingSigner(
    JobSigner signer, SignatureCache cache, TimeSource time, Supplier<String> ids, EventLog log)
    implements JobSigner {

  @Override
  public Signing attempt(NeedsSignature job, SigningTimeouts timeouts) {
    return Signing.of(
        job,
        result(job.id(), job.message(), timeouts, within -> signer.attempt(job, within).result()));
  }

  @Override
  public Signing attempt(String id, String message, SigningTimeouts timeouts) {
    return new Signing(
        id,
        "",
        1,
        null,
        result(id, message, timeouts, within -> signer.attempt(id, message, within).result()));
  }

  private SigningResult result(
      String id,
      String message,
      SigningTimeouts timeouts,
      Function<SigningTimeouts, SigningResult> call) {
    return new CachedAttempt(
            cache,
            time,
            message,
            ids.get(),
            timeouts,
            call,
            failure -> log.write(FailureEvents.cacheUnavailable(id, failure)))
        .run();
  }
}
