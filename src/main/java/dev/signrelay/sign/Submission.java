package dev.signrelay.sign;

import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.request.SignRequest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request to sign that was admitted: it has a valid key, if one is required.
 *
 * @param id of the request, and of its job
 * @param client the name of the client; empty: no key is required
 * @param respondAsync whether the client prefers to read the result from the job's record. False if
 *     there are no records.
 */
record Submission(
    String id, String client, SignRequest request, boolean respondAsync, ResponseBudget budget) {

  /**
   * The job that the request makes.
   *
   * @param callbackUrl null: the job has no receiver, as in the record of a job whose signature the
   *     answer has: nothing is left to be delivered
   */
  NeedsSignature job(@Nullable URI callbackUrl) {
    Instant at = budget.received();
    Duration validFor = request.validFor();
    return NeedsSignature.first(
        new Acceptance(id, callbackUrl, at, validFor == null ? null : at.plus(validFor), client),
        request.message());
  }
}
