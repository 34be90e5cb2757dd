package dev.signrelay.sign;

import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.request.SignRequest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A valid request to sign, from a client that was admitted.
 *
 * @param id of the request, and of its job
 * @param client the name of the client; empty: no key is required
 * @param respondAsync whether the client prefers to read the result from the job's record. False if
 *     there are no records.
 */
record Submission(
    String id, String client, SignRequest request, boolean respondAsync, ResponseBudget budget) {

  /**
   * The job for the request.
   *
   * @param callbackUrl null: the job has no receiver, or the answer has its signature, and it is
   *     only recorded
   */
  NeedsSignature job(@Nullable URI callbackUrl) {
    Instant at = budget.received();
    Duration validFor = request.validFor();
    return NeedsSignature.first(
        new Acceptance(id, callbackUrl, at, validFor == null ? null : at.plus(validFor), client),
        request.message());
  }
}
