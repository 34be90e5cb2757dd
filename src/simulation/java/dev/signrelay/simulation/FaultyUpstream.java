package dev.signrelay.simulation;

import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Retryable;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.upstream.Signer;
import java.time.Duration;
import java.time.Instant;

/** The way to the upstream and back. */
record FaultyUpstream(Invocation invocation) implements Signer {

  private static final Duration CONNECTING = Duration.ofMillis(200);

  @Override
  public SigningOutcome sign(String message, Duration timeout, Instant sendBefore) {
    invocation.process().step(CrashPoint.BEFORE_SIGNING);
    Progress progress = invocation.progress();
    progress.reach(progress.history().afterSigning());
    invocation.world().invariants.signs(invocation, message);
    SigningOutcome outcome = outcome(message, timeout, sendBefore);
    invocation.say("sign %s: %s", message, outcome.code());
    invocation.process().step(CrashPoint.AFTER_SIGNING);
    switch (outcome) {
      case Signed _ -> {
        progress.reach(progress.history().withSignature());
        invocation.world().invariants.signed(invocation);
      }
      case Retryable failure -> progress.fail(failure.retryAfter());
      case Rejected _ -> {}
    }
    return outcome;
  }

  private SigningOutcome outcome(String message, Duration timeout, Instant sendBefore) {
    FaultWorld world = invocation.world();
    if (!timeout.isPositive()) {
      return new Failed("timeout", null);
    }
    if (world.faults.strike(Fault.UPSTREAM_UNREACHABLE)) {
      world.time.sleep(world.random.between(Duration.ZERO, CONNECTING));
      return new Failed("connect", null);
    }
    Instant start = world.time.instant();
    // The upstream compares with true time, the caller with the clock of its process.
    Duration left = Duration.between(invocation.process().instant(), sendBefore);
    SigningOutcome outcome = world.upstream.sign(message, timeout, start.plus(left));
    Duration rest = timeout.minus(Duration.between(start, world.time.instant()));
    if (!rest.isPositive() || world.faults.strike(Fault.SIGNATURE_LOST)) {
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
