package dev.signrelay.simulation;

import static dev.signrelay.simulation.FlawedServices.with;

import dev.signrelay.app.Services;
import dev.signrelay.job.Attempt.Deferred;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.policy.RetryDecision.DeadLetter;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.queue.JobQueues;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;

/** Defects of the functions, each implemented by a flawed service. */
enum Mutation {
  NONE,
  /** Messages are acknowledged whether or not their jobs are stored. */
  ACKNOWLEDGE_BEFORE_SEND,
  /** A request that the queue refused counts as stored. */
  SWALLOW_A_FAILED_SEND,
  /** The result of the first job of a request is used for all its jobs. */
  FIRST_RESULT_FOR_ALL,
  /** A job that is requeued after a failed delivery loses its signature. */
  DROP_THE_SIGNATURE_ON_REQUEUE,
  /** A further wait counts as an attempt. */
  COUNT_WAITS_AS_ATTEMPTS,
  /** The jitter starts at zero. */
  NO_JITTER_FLOOR,
  /** The upstream is called while the limiter is unavailable. */
  CALL_WITHOUT_LIMITER,
  /** A requeued job gets a new id. */
  NEW_ID_ON_REQUEUE,
  /** Attempts are not counted. */
  NO_CAP,
  /** A receiver is notified of a failure before the dead letter is stored. */
  NOTIFY_BEFORE_THE_DEAD_LETTER,
  /** The upstream has as much time in SignFunction as in RetryFunction. */
  WAIT_FOR_A_SLOW_UPSTREAM,
  /** The limit on a call of the limiter does not fire. */
  CALLS_NEVER_TIME_OUT,
  /** A response has the signature of another message. */
  WRONG_SIGNATURE,
  /** A drain run takes grants twice, and uses the last ones. */
  TAKE_GRANTS_TWICE,
  /** A drain run never notes that the line is empty. */
  NEVER_NOTE_AN_EMPTY_LINE,
  /** A process whose clock is wrong goes on. */
  STAY_WITH_A_WRONG_CLOCK,
  /** The lower of two limits that run side by side is ignored. */
  LOWER_LIMIT_IGNORED,
  /** A job that was called stays in line. */
  STAY_IN_LINE,
  /** A job does not know until when its result is wanted. */
  IGNORE_EXPIRY,
  /** A signature is delivered by the invocation that got it, before it is in the queue. */
  DELIVER_WHEN_SIGNED,
  /** A record says that the job failed before its dead letter is stored. */
  RECORD_BEFORE_THE_DEAD_LETTER,
  /** A record says that a signature is delivered as soon as there is one. */
  RECORD_A_DELIVERY_AHEAD,
  /** A record replaces any other, also a later one. */
  LAST_RECORD_WINS,
  /** A record that could not be written counts as written. */
  SWALLOW_A_FAILED_RECORD,
  /** Each request with a key is answered, also a repeat. */
  RESERVE_FOR_ALL,
  /** A key that was used for another request is that of this one. */
  IGNORE_THE_FINGERPRINT,
  /** A call is made without the lease of its message. */
  CALL_WITHOUT_LEASE,
  /** All messages have the same signature. */
  ONE_SIGNATURE_FOR_ALL;

  /** The limit of a process, with the defect. */
  int limit(int calls, Releases releases) {
    return calls > 0 && this == LOWER_LIMIT_IGNORED
        ? releases.all().stream().mapToInt(Releases.Release::calls).max().orElseThrow()
        : calls;
  }

  /** The time limit of a call, with the defect. */
  Duration timeLimit(Duration limit) {
    return this == CALLS_NEVER_TIME_OUT && limit.isPositive() ? Duration.ofHours(1) : limit;
  }

  /** The services of an invocation, with the defect. */
  Services of(Invocation invocation) {
    Services services = invocation.services();
    JobQueues queue = services.queues();
    return switch (this) {
      case NONE -> services;
      // FaultyRetryFunction, SimulatedProcess and TableTransit implement these defects.
      case ACKNOWLEDGE_BEFORE_SEND, CALLS_NEVER_TIME_OUT, LOWER_LIMIT_IGNORED -> services;
      case SWALLOW_A_FAILED_SEND ->
          with(
              services,
              FlawedQueues.reading(
                  queue, results -> Collections.nCopies(results.size(), Optional.empty())));
      case FIRST_RESULT_FOR_ALL ->
          with(
              services,
              FlawedQueues.reading(
                  queue, results -> Collections.nCopies(results.size(), results.getFirst())));
      case DROP_THE_SIGNATURE_ON_REQUEUE ->
          with(
              services,
              FlawedQueues.changingJobs(
                  queue,
                  job ->
                      invocation.of(job).received() instanceof NeedsCallback
                          ? FlawedQueues.unsigned(job)
                          : job));
      case COUNT_WAITS_AS_ATTEMPTS ->
          with(services, FlawedQueues.changingJobs(queue, job -> countedWait(job, invocation)));
      case NO_JITTER_FLOOR ->
          with(services, FlawedQueues.changing(queue, requeue -> shortened(requeue, invocation)));
      case CALL_WITHOUT_LIMITER -> with(services, new FlawedLimiter(services, true, false, 0));
      case TAKE_GRANTS_TWICE -> with(services, new FlawedLimiter(services, false, true, 0));
      case NEVER_NOTE_AN_EMPTY_LINE -> with(services, new FlawedLimiter(services, false, false, 1));
      case STAY_WITH_A_WRONG_CLOCK -> FlawedServices.withoutRestart(services);
      case NEW_ID_ON_REQUEUE ->
          with(
              services,
              FlawedQueues.changingJobs(queue, job -> FlawedQueues.renamed(services.newId(), job)));
      case NO_CAP ->
          with(services, FlawedQueues.changingJobs(queue, job -> FlawedQueues.at(1, job)));
      case NOTIFY_BEFORE_THE_DEAD_LETTER ->
          with(services, FlawedQueues.announcing(queue, job -> notifyFailure(job, services)));
      case WAIT_FOR_A_SLOW_UPSTREAM ->
          with(
              services,
              (message, _, grant) ->
                  services.signer().sign(message, Duration.ofSeconds(10), grant));
      case WRONG_SIGNATURE ->
          with(
              services,
              (message, timeout, grant) ->
                  services.signer().sign(message, timeout, grant).map(Mutation::ofAnother));
      case IGNORE_EXPIRY -> with(services, FlawedQueues.changingJobs(queue, FlawedQueues::endless));
      case STAY_IN_LINE -> with(services, new FlawedLine(services.line()));
      case DELIVER_WHEN_SIGNED ->
          with(
              services,
              FlawedQueues.changingJobs(queue, job -> delivered(job, invocation, services)));
      case RECORD_BEFORE_THE_DEAD_LETTER ->
          with(services, FlawedQueues.announcing(queue, job -> recordFailure(job, services)));
      case RECORD_A_DELIVERY_AHEAD,
          LAST_RECORD_WINS,
          SWALLOW_A_FAILED_RECORD,
          RESERVE_FOR_ALL,
          IGNORE_THE_FINGERPRINT,
          CALL_WITHOUT_LEASE,
          ONE_SIGNATURE_FOR_ALL ->
          with(services, new FlawedJobTable(this, invocation));
    };
  }

  private static SigningOutcome ofAnother(SigningOutcome outcome) {
    return outcome instanceof Signed ? new Signed(SimulatedUpstream.signatureOf("other")) : outcome;
  }

  private static Job delivered(Job job, Invocation invocation, Services services) {
    if (job instanceof NeedsCallback signed
        && job.acceptance().callbackUrl() != null
        && invocation.of(job).received() instanceof NeedsSignature) {
      var _ =
          services
              .callbacks()
              .deliver(
                  job.acceptance().callbackUrl(),
                  job.id(),
                  signed.signature(),
                  Duration.ofSeconds(10));
    }
    return job;
  }

  private static Job countedWait(Job job, Invocation invocation) {
    return invocation.of(job).hasFailedAttempt() ? job : FlawedQueues.at(job.attempt() + 1, job);
  }

  private static Requeue shortened(Requeue requeue, Invocation invocation) {
    if (!invocation.of(requeue.job()).hasFailedAttempt()) {
      return requeue;
    }
    double share = invocation.world().random.getAsDouble();
    return new Requeue(
        requeue.job(),
        requeue.queue(),
        Duration.ofMillis((long) (requeue.delay().toMillis() * share)));
  }

  private static void recordFailure(Job job, Services services) {
    var reason = new DeadLetterReason(DeadLetterReason.Kind.SIGNING_EXHAUSTED, "mutation", 0);
    var decision = new DeadLetter(job, reason);
    var _ = services.writeRecord(new Deferred(job), decision, Duration.ofSeconds(1));
  }

  private static void notifyFailure(Job job, Services services) {
    URI url = job.acceptance().callbackUrl();
    if (url != null) {
      var _ = services.callbacks().notifyFailure(url, job.id(), "mutation", Duration.ofSeconds(1));
    }
  }
}
