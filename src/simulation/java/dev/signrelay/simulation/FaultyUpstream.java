package dev.signrelay.simulation;

import dev.signrelay.job.Grant;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Retryable;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.upstream.Signer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Upstream calls that can fail: on the way there, on the way back, or at the upstream. */
record FaultyUpstream(Invocation invocation) implements Signer {

  private static final Duration MAX_CONNECT_TIME = Duration.ofMillis(200);
  private static final Duration SLOW_CONNECT_TIME = Duration.ofSeconds(3);
  private static final Duration RETRY_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration TOO_SLOW = Duration.ofMillis(3_500);

  @Override
  public void prepare(Duration limit) {
    if (invocation.world.incidents.strike(Incident.KEY_UNAVAILABLE)) {
      throw new SecretUnavailableException("the key", new IllegalStateException());
    }
  }

  @Override
  public Optional<SigningOutcome> sign(String message, Duration timeout, Grant grant) {
    return switch (invocation.world.mutation) {
      case WAIT_FOR_A_SLOW_UPSTREAM -> attempt(message, RETRY_TIMEOUT, grant);
      case WRONG_SIGNATURE -> attempt(message, timeout, grant).map(FaultyUpstream::ofAnother);
      default -> attempt(message, timeout, grant);
    };
  }

  private static SigningOutcome ofAnother(SigningOutcome outcome) {
    return outcome instanceof Signed ? new Signed(SimulatedUpstream.signatureOf("other")) : outcome;
  }

  private Optional<SigningOutcome> attempt(String message, Duration timeout, Grant grant) {
    invocation.step(CrashPoint.BEFORE_SIGNING);
    Instant deadline = invocation.world.time.instant().plus(timeout);
    Progress progress = invocation.of(message);
    Optional<SigningOutcome> failure = connect(timeout);
    if (failure.isEmpty() && isSentBefore(deadline, grant)) {
      invocation.process.sleepUntil(grant.from());
      if (grant.isExpired(invocation.process.instant())) {
        invocation.trace("sign %s: connected too late", message);
        return Optional.empty();
      }
    }
    progress.history = progress.history.afterSigning();
    progress.called = true;
    String plain = RecordTag.remove(message);
    invocation.world.invariants.signs(invocation, progress, plain);
    invocation.world.calls.begins(invocation, progress, plain);
    SigningOutcome outcome =
        failure.orElseGet(
            () -> call(message, Duration.between(invocation.world.time.instant(), deadline)));
    invocation.world.calls.ends(progress, plain);
    invocation.trace("sign %s: %s", message, outcome.code());
    invocation.step(CrashPoint.AFTER_SIGNING);
    switch (outcome) {
      case Signed _ -> {
        progress.history = progress.history.withSignature();
        invocation.world.invariants.signed(progress);
      }
      case Retryable retryable ->
          progress.fail(invocation.process.instant(), retryable.retryAfter());
      case Rejected _ -> {}
    }
    return Optional.of(outcome);
  }

  /** Whether the grant begins before the time of the call is over; otherwise waits until then. */
  private boolean isSentBefore(Instant deadline, Grant grant) {
    Duration left = Duration.between(invocation.world.time.instant(), deadline);
    Duration wait = Duration.between(invocation.process.instant(), grant.from());
    if (wait.compareTo(left) < 0) {
      return true;
    }
    invocation.world.time.sleep(left);
    return false;
  }

  /** Empty: the connection is established. */
  private Optional<SigningOutcome> connect(Duration timeout) {
    World world = invocation.world;
    Duration took = invocation.process.computesCall().plus(connectTime());
    if (took.compareTo(timeout) >= 0) {
      world.time.sleep(timeout);
      return Optional.of(new Failed("timeout", null));
    }
    world.time.sleep(took);
    return world.faults.occurs(Fault.UPSTREAM_UNREACHABLE)
        ? Optional.of(new Failed("connect", null))
        : Optional.empty();
  }

  private Duration connectTime() {
    World world = invocation.world;
    if (world.incidents.strike(Incident.CONNECTIONS_SLOW)) {
      return TOO_SLOW;
    }
    return world.random.between(
        Duration.ZERO,
        world.faults.occurs(Fault.SLOW_CONNECT) ? SLOW_CONNECT_TIME : MAX_CONNECT_TIME);
  }

  private SigningOutcome call(String message, Duration timeout) {
    World world = invocation.world;
    if (!timeout.isPositive()) {
      return new Failed("timeout", null);
    }
    Instant start = world.time.instant();
    SigningOutcome outcome = world.upstream.call(message, timeout);
    Duration rest = timeout.minus(Duration.between(start, world.time.instant()));
    if (!rest.isPositive() || world.faults.occurs(Fault.SIGNATURE_LOST)) {
      world.time.sleep(rest);
      return new Failed("timeout", null);
    }
    return switch (outcome) {
      case Signed _ when message.startsWith(World.REJECTED) -> new Rejected("http-422");
      case Retryable failure -> new Failed(failure.code(), world.retryAfter());
      case Signed _, Rejected _ -> outcome;
    };
  }
}
