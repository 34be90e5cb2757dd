package dev.signrelay.simulation;

import dev.signrelay.upstream.Signer;
import dev.signrelay.upstream.SigningOutcome;
import dev.signrelay.upstream.SigningOutcome.Rejected;
import dev.signrelay.upstream.SigningOutcome.Signed;
import dev.signrelay.upstream.SigningOutcome.Unsigned;
import java.time.Duration;
import java.time.Instant;

/** The way to the upstream and back. */
record FaultyUpstream(Handling handling) implements Signer {

  private static final Duration CONNECTING = Duration.ofMillis(200);

  @Override
  public SigningOutcome sign(String message, Duration timeout, Instant sendBefore) {
    handling.sandbox().step(Moment.BEFORE_SIGNING);
    Progress progress = handling.progress();
    progress.reach(progress.history().afterSigning());
    handling.world().judge.signs(handling, message);
    SigningOutcome outcome = outcome(message, timeout, sendBefore);
    handling.say("sign %s: %s", message, outcome.code());
    handling.sandbox().step(Moment.AFTER_SIGNING);
    switch (outcome) {
      case Signed _ -> {
        progress.reach(progress.history().withSignature());
        handling.world().judge.signed(handling);
      }
      case Unsigned unsigned -> progress.fail(unsigned.retryAfter());
      case Rejected _ -> {}
    }
    return outcome;
  }

  private SigningOutcome outcome(String message, Duration timeout, Instant sendBefore) {
    FaultWorld world = handling.world();
    if (!timeout.isPositive()) {
      return new Unsigned("timeout", null);
    }
    if (world.faults.strike(Fault.UPSTREAM_UNREACHABLE)) {
      world.time.sleep(world.chance.between(Duration.ZERO, CONNECTING));
      return new Unsigned("connect", null);
    }
    Instant start = world.time.instant();
    // The upstream compares with true time, the caller with the clock of its process.
    Duration left = Duration.between(handling.sandbox().instant(), sendBefore);
    SigningOutcome outcome = world.upstream.sign(message, timeout, start.plus(left));
    Duration rest = timeout.minus(Duration.between(start, world.time.instant()));
    if (!rest.isPositive() || world.faults.strike(Fault.SIGNATURE_LOST)) {
      world.time.sleep(rest);
      return new Unsigned("timeout", null);
    }
    return switch (outcome) {
      case Signed _ when message.startsWith(FaultWorld.REJECTED) -> new Rejected("http-422");
      case Unsigned unsigned -> new Unsigned(unsigned.code(), world.retryAfter());
      case Signed _, Rejected _ -> outcome;
    };
  }
}
