package dev.signrelay.simulation;

import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Retryable;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.upstream.Signer;
import java.time.Duration;
import java.time.Instant;

/** Upstream calls that can fail: on the way there, on the way back, or at the upstream. */
record FaultyUpstream(Invocation invocation) implements Signer {

  private static final Duration MAX_CONNECT_TIME = Duration.ofMillis(200);

  @Override
  public SigningOutcome sign(String message, Duration timeout, Instant sendBefore) {
    invocation.step(CrashPoint.BEFORE_SIGNING);
    InvariantChecker invariants = invocation.world().invariants;
    Progress progress = invocation.of(message);
    progress.advance(progress.history().afterSigning());
    invariants.signs(progress, message);
    SigningOutcome outcome = outcome(message, timeout, sendBefore);
    invocation.trace("sign %s: %s", message, outcome.code());
    invocation.step(CrashPoint.AFTER_SIGNING);
    switch (outcome) {
      case Signed _ -> {
        progress.advance(progress.history().withSignature());
        invariants.signed(progress);
      }
      case Retryable failure -> progress.fail(invocation.process().instant(), failure.retryAfter());
      case Rejected _ -> {}
    }
    return outcome;
  }

  private SigningOutcome outcome(String message, Duration timeout, Instant sendBefore) {
    FaultWorld world = invocation.world();
    if (!timeout.isPositive()) {
      return new Failed("timeout", null);
    }
    if (world.faults.occurs(Fault.UPSTREAM_UNREACHABLE)) {
      world.time.sleep(world.random.between(Duration.ZERO, MAX_CONNECT_TIME));
      return new Failed("connect", null);
    }
    Instant start = world.time.instant();
    // The deadline is a time of the process's clock; the upstream uses virtual time.
    Duration left = Duration.between(invocation.process().instant(), sendBefore);
    SigningOutcome outcome = world.upstream.sign(message, timeout, start.plus(left));
    Duration rest = timeout.minus(Duration.between(start, world.time.instant()));
    if (!rest.isPositive() || world.faults.occurs(Fault.SIGNATURE_LOST)) {
      world.time.sleep(rest);
      return new Failed("timeout", null);
    }
    return switch (outcome) {
      case Signed _ when message.startsWith(FaultWorld.REJECTED) -> new Rejected("http-422");
      case Retryable failure -> new Failed(failure.code(), world.retryAfter());
      case Signed _, Rejected _ -> outcome;
    };
  }
}
