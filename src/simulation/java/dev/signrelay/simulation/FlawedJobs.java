package dev.signrelay.simulation;

import dev.signrelay.job.Attempt.Deferred;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.policy.RetryDecision.DeadLetter;
import dev.signrelay.policy.RetryDecision.Requeue;
import java.net.URI;
import java.time.Duration;

/** What a {@link Mutation} does to the jobs of an invocation when they are sent to a queue. */
record FlawedJobs(Invocation invocation) {

  /** The job and the delay that are sent. */
  Requeue sent(Requeue requeue) {
    return invocation.world.mutation == Mutation.NO_JITTER_FLOOR
        ? shortened(requeue)
        : new Requeue(sent(requeue.job()), requeue.queue(), requeue.delay());
  }

  private Job sent(Job job) {
    return switch (invocation.world.mutation) {
      case DROP_THE_SIGNATURE_ON_REQUEUE ->
          invocation.of(job).received instanceof NeedsCallback ? unsigned(job) : job;
      case COUNT_WAITS_AS_ATTEMPTS ->
          invocation.of(job).failedAt != null
              ? job
              : with(job.acceptance(), job.attemptNumber() + 1, job);
      case NEW_ID_ON_REQUEUE -> identified(invocation.id(), job);
      case IGNORE_EXPIRY -> identified(job.id(), job);
      case NO_CAP -> with(job.acceptance(), 1, job);
      case DELIVER_WHEN_SIGNED -> delivered(job);
      default -> job;
    };
  }

  private Requeue shortened(Requeue requeue) {
    if (invocation.of(requeue.job()).failedAt == null) {
      return requeue;
    }
    double share = invocation.world.random.getAsDouble();
    Duration delay = Duration.ofMillis((long) (requeue.delay().toMillis() * share));
    return new Requeue(requeue.job(), requeue.queue(), delay);
  }

  private static Job unsigned(Job job) {
    return switch (job) {
      case NeedsSignature j -> j;
      case NeedsCallback j ->
          new NeedsSignature(
              j.acceptance(),
              SimulatedUpstream.messageOf(j.signature()),
              1,
              j.notBefore(),
              j.acceptance().at());
    };
  }

  /** Without the end of its validity. */
  private static Job identified(String id, Job job) {
    var acceptance = new Acceptance(id, job.acceptance().callbackUrl(), job.acceptance().at());
    return with(acceptance, job.attemptNumber(), job);
  }

  private static Job with(Acceptance acceptance, int attempt, Job job) {
    return switch (job) {
      case NeedsSignature j ->
          new NeedsSignature(acceptance, j.message(), attempt, j.notBefore(), j.since());
      case NeedsCallback j ->
          new NeedsCallback(
              acceptance, j.signature(), attempt, j.notBefore(), j.since(), j.calls());
    };
  }

  private Job delivered(Job job) {
    URI url = job.acceptance().callbackUrl();
    if (job instanceof NeedsCallback signed
        && url != null
        && invocation.of(job).received instanceof NeedsSignature) {
      var _ =
          new FaultyReceiver(invocation)
              .deliver(url, job.id(), signed.signature(), Duration.ofSeconds(10));
    }
    return job;
  }

  /** A dead letter is about to be sent. */
  void fails(Job job) {
    Duration timeout = Duration.ofSeconds(1);
    URI url = job.acceptance().callbackUrl();
    switch (invocation.world.mutation) {
      case NOTIFY_BEFORE_THE_DEAD_LETTER -> {
        if (url != null) {
          var _ = new FaultyReceiver(invocation).notifyFailure(url, job.id(), "mutation", timeout);
        }
      }
      case RECORD_BEFORE_THE_DEAD_LETTER -> {
        var reason = new DeadLetterReason(DeadLetterReason.Kind.SIGNING_EXHAUSTED, "mutation", 0);
        var decision = new DeadLetter(job, reason);
        var _ = invocation.services().writeRecord(new Deferred(job), decision, timeout);
      }
      default -> {}
    }
  }
}
