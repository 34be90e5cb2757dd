package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.ATTEMPTS_COUNTED;
import static dev.signrelay.simulation.Invariant.BODY;
import static dev.signrelay.simulation.Invariant.HONEST;
import static dev.signrelay.simulation.Invariant.NOTIFIED_ONCE;
import static dev.signrelay.simulation.Invariant.NO_UNEXPLAINED_FAILURE;
import static dev.signrelay.simulation.Invariant.ONE_ID;
import static dev.signrelay.simulation.Invariant.SIGNED_ONCE;
import static dev.signrelay.simulation.Invariant.STORED_BEFORE_ACKNOWLEDGED;
import static dev.signrelay.simulation.Invariant.STORED_BEFORE_DELIVERY;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.policy.RetryPolicy;
import dev.signrelay.policy.Stage;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the invariants at each step of each job, and collects the violations. */
final class InvariantChecker {

  record Violation(Invariant invariant, String details) {}

  private final World world;
  private final RetryPolicy policy;
  private final DelayChecker delays;
  final List<Violation> violations = new ArrayList<>();
  private final Map<String, History> histories = new HashMap<>();
  private final Map<String, String> ids = new HashMap<>();
  private final Map<String, List<Invocation>> receivers = new HashMap<>();
  private final Set<String> signedMessages = new HashSet<>();
  private final Set<String> affectedMessages = new HashSet<>();

  InvariantChecker(World world) {
    this.world = world;
    this.policy = world.scenario.config().retryPolicy();
    this.delays = new DelayChecker(world);
  }

  void require(boolean holds, Invariant invariant, String details, Object... args) {
    if (!holds) {
      violations.add(new Violation(invariant, details.formatted(args)));
      world.trace.add("VIOLATED", invariant + ": " + details, args);
    }
  }

  /** The next state of a job is stored, as a message. */
  void stored(String messageId, Progress progress) {
    histories.put(messageId, progress.history);
    progress.secured = true;
  }

  History history(String messageId) {
    return histories.getOrDefault(messageId, History.NEW);
  }

  /** A fault occurred for which a message may be processed again. */
  void affect(String messageId) {
    affectedMessages.add(messageId);
  }

  /** A message of the line is received. Another run may receive it before this one ends. */
  void receives(String messageId, Invocation run) {
    receivers.computeIfAbsent(messageId, _ -> new ArrayList<>()).add(run);
  }

  /** A run is over. What a fault affected in it is known to {@link #affect}. */
  void ends(Invocation run) {
    receivers.values().forEach(runs -> runs.remove(run));
  }

  private boolean mayBeRepeated(String messageId) {
    return affectedMessages.contains(messageId)
        || receivers.getOrDefault(messageId, List.of()).stream()
            .anyMatch(run -> run.isAffected(messageId))
        || world.queues.all().stream().anyMatch(q -> q.isDuplicated(messageId));
  }

  void signs(Invocation invocation, Progress progress, String message) {
    History history = progress.history;
    require(!history.signed(), SIGNED_ONCE, "%s is signed already", message);
    require(
        !isSignedBefore(progress.messageId),
        SIGNED_ONCE,
        "%s was signed when its message was processed before",
        message);
    requireAtMost(history.signings(), policy.signing(), "sign " + message);
    world.records.calls(progress.jobId());
    world.expiry.begins(invocation, progress.jobId(), "signs");
    delays.requireDue(invocation, history, message);
  }

  private boolean isSignedBefore(@Nullable String messageId) {
    return messageId != null && signedMessages.contains(messageId) && !mayBeRepeated(messageId);
  }

  void signed(Progress progress) {
    if (progress.messageId != null) {
      signedMessages.add(progress.messageId);
    }
  }

  void delivers(Invocation invocation, Progress progress, URI url, String id, String signature) {
    String message = SimulatedUpstream.messageOf(signature);
    require(
        progress.received instanceof NeedsCallback,
        STORED_BEFORE_DELIVERY,
        "%s is delivered, and its signature is in no queue",
        message);
    ClientRequest made = world.idempotency.of(id);
    require(
        made == null || made.message().equals(message), BODY, "%s is delivered %s", made, message);
    requireId(id, RecordTag.remove(url.toString()));
    world.records.delivers(id);
    deliversAgain(invocation, progress, id);
  }

  /** The signature of a job without a callback URL is delivered to its record. */
  void keeps(Invocation invocation, Progress progress) {
    progress.history = progress.history.afterDelivery();
    deliversAgain(invocation, progress, progress.jobId());
  }

  private void deliversAgain(Invocation invocation, Progress progress, String id) {
    History history = progress.history;
    requireAtMost(history.deliveries(), policy.delivery(), "deliver " + id);
    world.expiry.begins(invocation, id, "delivers");
    delays.requireDue(invocation, history, id);
  }

  /** All jobs of a callback URL are one. */
  void requireId(String id, String callbackUrl) {
    String known = ids.putIfAbsent(callbackUrl, id);
    require(known == null || known.equals(id), ONE_ID, "%s is %s and %s", callbackUrl, known, id);
  }

  /** With a time there may be more: {@link #requireTime} checks when the next one is planned. */
  private void requireAtMost(int attempts, Stage stage, String attempt) {
    require(
        attempts <= stage.attempts() || !stage.time().isZero(),
        ATTEMPTS_COUNTED,
        "attempt %d to %s",
        attempts,
        attempt);
  }

  /** A job whose attempts are used up is tried again while it has time. */
  private void requireTime(Invocation invocation, History history, Job next, Instant failedAt) {
    Stage stage = next instanceof NeedsSignature ? policy.signing() : policy.delivery();
    int made = next instanceof NeedsSignature ? history.signings() : history.deliveries();
    require(
        made < stage.attempts()
            || failedAt.isBefore(next.since().plus(stage.time()))
            || invocation.process.isClockWrong(),
        ATTEMPTS_COUNTED,
        "%s is tried again after %d attempts, although its time is over",
        next,
        made);
  }

  void sends(Invocation invocation, Progress progress, Requeue requeue) {
    if (invocation.process.isClockWrong()) {
      // Such a process can take a job that is not due for one that is.
      progress.history = progress.history.waiting(progress.history.backoff(), Instant.MIN);
    }
    if (progress.failedAt != null) {
      requireTime(invocation, progress.history, requeue.job(), progress.failedAt);
      delays.begin(invocation, progress, progress.failedAt, requeue);
    }
  }

  /** A client receives a response. */
  void answers(String message, boolean signed, String body) {
    String expected = signed ? "\"" + SimulatedUpstream.signatureOf(message) + "\"" : "null";
    require(body.contains("\"data\":" + expected), BODY, "the response to %s is %s", message, body);
  }

  /** DispatchFunction removes a job from the line. */
  void removes(Invocation invocation, Progress progress) {
    requireStored(invocation, progress);
  }

  private void requireStored(Invocation invocation, Progress job) {
    require(
        job.secured || world.records.hasResult(job) || invocation.process.isDead(),
        STORED_BEFORE_ACKNOWLEDGED,
        "%s is acknowledged or leaves the line, and its job is not stored",
        job.messageId);
  }

  void deadLetters(Invocation invocation, Progress progress, Job job, DeadLetterReason reason) {
    History history = progress.history;
    switch (reason.kind()) {
      case SIGNING_EXHAUSTED -> {
        requireExhausted(reason, history.signings(), policy.signing());
        require(
            progress.called && history.signings() == reason.attempts(),
            HONEST,
            "%s, but it was %s",
            reason,
            history);
      }
      case CALLBACK_EXHAUSTED -> requireExhausted(reason, history.deliveries(), policy.delivery());
      case EXPIRED -> world.expiry.expired(invocation, job);
      case MESSAGE_REJECTED, CALLBACK_GONE, CALLBACK_FORBIDDEN, MALFORMED -> {}
    }
  }

  private void requireExhausted(DeadLetterReason reason, int made, Stage stage) {
    require(
        reason.attempts() == made
            && (stage.time().isZero() ? made == stage.attempts() : made >= stage.attempts()),
        ATTEMPTS_COUNTED,
        "dead-lettered after %d of %d attempts: %s",
        made,
        stage.attempts(),
        reason);
  }

  /**
   * The function has processed a message.
   *
   * @param acknowledged whether the function reports it as processed
   */
  void processed(Invocation invocation, Progress job, String messageId, boolean acknowledged) {
    boolean affected = invocation.isAffected(messageId);
    if (affected) {
      affect(messageId);
    } else {
      require(
          !hasReceiver(job) || !requiresNotice(job) || job.notices == 1,
          NOTIFIED_ONCE,
          "no notice of %s",
          job.deadLetter);
    }
    require(
        acknowledged || affected, NO_UNEXPLAINED_FAILURE, "%s failed without a fault", messageId);
    if (acknowledged) {
      requireStored(invocation, job);
    }
  }

  /** A function begins to notify a receiver of a failure. */
  void notifies(Progress job, String jobId) {
    job.notices++;
    require(
        requiresNotice(job) && job.notices == 1,
        NOTIFIED_ONCE,
        "%s: notice %d, with dead letter %s",
        jobId,
        job.notices,
        job.deadLetter);
  }

  private static boolean hasReceiver(Progress progress) {
    Job job = progress.received;
    return job != null && job.acceptance().callbackUrl() != null;
  }

  private boolean requiresNotice(Progress job) {
    return world.scenario.config().callback().notifyOnFailure()
        && job.deadLetter != null
        && job.deadLetter.kind().allowsFailureNotice();
  }
}
