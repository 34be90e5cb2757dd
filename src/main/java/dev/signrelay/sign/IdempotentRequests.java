package dev.signrelay.sign;

import dev.signrelay.app.Services;
import dev.signrelay.aws.Table.TableUnavailableException;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.Reservation;
import dev.signrelay.jobrecord.Reservation.Result.KeyInUse;
import dev.signrelay.jobrecord.Reservation.Result.Reserved;
import dev.signrelay.policy.RetryDecision.Deliver;
import dev.signrelay.request.IdempotencyKey;
import dev.signrelay.sign.RequestStep.Answered;
import dev.signrelay.telemetry.FailureEvents;
import java.time.Duration;
import java.time.Instant;

/**
 * Requests with an {@code Idempotency-Key}. Of a client's requests with one key, one is answered at
 * a time. A repeat gets an answer that follows from the present record of the job.
 *
 * <p>The id of the job is derived from the key, so that one conditional write decides which request
 * is the first. If the process dies, or the record of the job cannot be written, or the queue does
 * not confirm the job, the reservation's lease ends, and a repeat is answered anew. If the job was
 * stored already, the queue then has a second copy of it, with the same id: as if SQS had delivered
 * it twice.
 */
final class IdempotentRequests {

  /** Longer than the function runs: its timeout is 5 s (template.yaml). */
  private static final Duration LEASE = Duration.ofSeconds(10);

  private final Services services;
  private final Submission submission;

  IdempotentRequests(Services services, Submission submission) {
    this.services = services;
    this.submission = submission;
  }

  Answer answer(IdempotencyKey key) {
    // The first reservation of a process would otherwise take longer than its timeout.
    services.queuePrimer().prime();
    Instant now = services.time().instant();
    var wanted =
        new Reservation(
            submission.id(),
            submission.client(),
            key.fingerprint(submission.request(), submission.respondAsync()),
            services.platform().ids().get(),
            submission.budget().received(),
            now,
            now.plus(LEASE),
            now.plus(services.config().records().keep()));
    Reservation.Result reserved;
    try {
      reserved = services.jobTable().reserve(wanted, submission.budget().reservationTimeout());
    } catch (TableUnavailableException e) {
      return Answers.repeatUnknown(submission.id(), e);
    }
    return switch (reserved) {
      case Reserved _ -> answerFirst(wanted);
      case KeyInUse(var fingerprint, _) when !fingerprint.equals(wanted.fingerprint()) ->
          Answers.keyReused(submission.id());
      case KeyInUse(_, JobRecord present) when present != null ->
          Answers.repeated(present, submission.respondAsync(), now);
      case KeyInUse _ -> Answers.inProgress(submission.id());
    };
  }

  /**
   * If there is neither a signature nor a stored job, the key is released, and a repeat is a new
   * request. After an unexpected exception it is unknown whether there is a job: the lease expires.
   */
  private Answer answerFirst(Reservation made) {
    Answered answered = new RequestStep(services, submission).run();
    String signature = answered.attempt().signature();
    if (signature != null) {
      record(answered.attempt(), signature);
    } else if (!answered.isStored()) {
      release(made);
    }
    return answered.answer();
  }

  /** If this fails, the answer still has the signature, and a repeat is signed anew. */
  private void record(Signing attempt, String signature) {
    NeedsSignature job = submission.job(null);
    var _ =
        services.writeRecord(
            new Signing(job, attempt.result()),
            new Deliver(job.signed(signature, services.time().instant())),
            submission.budget().recordTimeout());
  }

  /** If this fails, the lease ends by itself. */
  private void release(Reservation made) {
    try {
      services.jobTable().release(made, submission.budget().recordTimeout());
    } catch (TableUnavailableException e) {
      services.log().write(FailureEvents.recordNotWritten(made.id(), e));
    }
  }
}
