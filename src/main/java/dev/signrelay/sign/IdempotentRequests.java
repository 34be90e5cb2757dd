package dev.signrelay.sign;

import dev.signrelay.app.Services;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobRecords.RecordsUnavailableException;
import dev.signrelay.jobrecord.RecordOf;
import dev.signrelay.jobrecord.Reservation;
import dev.signrelay.jobrecord.Reservations.Answer;
import dev.signrelay.jobrecord.Reservations.Answer.Reserved;
import dev.signrelay.jobrecord.Reservations.Answer.Taken;
import dev.signrelay.request.IdempotencyKey;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.sign.SignResult.Attempted;
import dev.signrelay.sign.SignResult.Crashed;
import dev.signrelay.sign.SignResult.Decided;
import dev.signrelay.sign.SignResult.LineFull;
import dev.signrelay.sign.SignResult.NotQueued;
import dev.signrelay.sign.SignResult.NotRecorded;
import dev.signrelay.sign.SignResult.OfAttempt;
import dev.signrelay.sign.SignResult.RecordsDown;
import dev.signrelay.sign.SignResult.Refused;
import dev.signrelay.sign.SignResult.Repeated;
import dev.signrelay.sign.SignResult.TooManyJobs;
import dev.signrelay.telemetry.FailureEvents;
import java.time.Duration;
import java.time.Instant;

/**
 * Requests with an {@code Idempotency-Key}. Of all requests with a key, one is answered at a time;
 * a repeat of it gets the present answer of its job.
 *
 * <p>The id of the job is derived from the key, so that one conditional write decides which request
 * is the first. If the process dies, or the record of the job cannot be written, or the queue does
 * not confirm the job, the reservation's lease ends, and a repeat is answered anew. If the job was
 * stored already, the queue then has a second copy of it, with the same id: as if SQS had delivered
 * it twice.
 */
final class IdempotentRequests {

  /** Longer than the function runs: its timeout is 5 s, and it answers within 2 s. */
  private static final Duration LEASE = Duration.ofSeconds(10);

  private static final String REUSED = "Idempotency-Key was used for another request";
  private static final String IN_PROGRESS =
      "A request with this Idempotency-Key is being answered. Retry later.";

  private final Services services;
  private final RequestStep step;

  IdempotentRequests(Services services, RequestStep step) {
    this.services = services;
    this.step = step;
  }

  /**
   * Answers a request.
   *
   * @param submission with the key's id
   */
  SignResult answer(Submission submission, IdempotencyKey key) {
    try {
      return answerOnce(submission, key);
    } catch (RuntimeException e) {
      return new Crashed(submission.id(), e);
    }
  }

  private SignResult answerOnce(Submission submission, IdempotencyKey key) {
    // The first reservation of a process would otherwise take longer than its timeout.
    services.queuePrimer().prime();
    Instant now = services.time().instant();
    var wanted =
        new Reservation(
            submission.id(),
            submission.client(),
            key.fingerprint(submission.request(), submission.respondAsync()),
            services.ids().get(),
            submission.budget().received(),
            now,
            now.plus(LEASE),
            now.plus(services.config().records().keep()));
    Answer answer;
    try {
      answer = services.reservations().reserve(wanted, submission.budget().guardTimeout(now));
    } catch (RecordsUnavailableException e) {
      return new RecordsDown(submission.id(), e);
    }
    return switch (answer) {
      case Reserved _ -> answerFirst(submission, wanted);
      case Taken taken when taken.isOfAnother(wanted) ->
          new Refused(submission.id(), SignAnswer.KEY_REUSED, REUSED);
      case Taken(_, JobRecord present) when present != null ->
          Repeated.of(present, submission.respondAsync(), now);
      case Taken _ -> new Refused(submission.id(), SignAnswer.IN_PROGRESS, IN_PROGRESS);
    };
  }

  /**
   * If the answer has neither a result nor made a job, a repeat of the request is a new one. After
   * an unexpected exception it is unknown whether there is a job: the lease ends by itself.
   */
  private SignResult answerFirst(Submission submission, Reservation made) {
    OfAttempt result = step.run(submission);
    String signature = result.attempt().signature();
    if (signature != null) {
      record(submission, result.attempt(), signature);
      return result;
    }
    switch (result) {
      case Attempted _, NotQueued _, LineFull _, TooManyJobs _ -> release(submission, made);
      // The job is stored. Its record replaces the reservation, now or after its next step.
      case Decided _, NotRecorded _ -> {}
    }
    return result;
  }

  /** If this fails, the answer has the signature all the same, and a repeat is signed anew. */
  private void record(Submission submission, Signing attempt, String signature) {
    Instant now = services.time().instant();
    NeedsSignature job = submission.jobWithoutReceiver();
    var _ =
        services.write(
            RecordOf.step(job, attempt, new Deliver(job.signed(signature, now)), now),
            submission.budget().recordTimeout(now));
  }

  /** If this fails, the lease ends by itself. */
  private void release(Submission submission, Reservation made) {
    Duration timeout = submission.budget().recordTimeout(services.time().instant());
    try {
      services.reservations().release(made, timeout);
    } catch (RecordsUnavailableException e) {
      services.log().write(FailureEvents.recordNotWritten(made.id(), e));
    }
  }
}
