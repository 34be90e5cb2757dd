package dev.signrelay.local.console;

import dev.signrelay.local.CallbackInbox;
import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.UnreliableSigner;
import dev.signrelay.local.UnreliableSigner.Answer;
import dev.signrelay.local.UnreliableSigner.Behaviour;
import java.time.Duration;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Selects the failures that the demo upstream and the callback receiver simulate. */
final class FailureModes {

  /** Longer than SignFunction's timeout for upstream calls, shorter than RetryFunction's. */
  private static final Duration SLOW = Duration.ofSeconds(3);

  private final @Nullable UnreliableSigner signer;
  private final CallbackInbox inbox;
  private final Map<String, Behaviour> upstreams;
  private final Map<String, ToIntFunction<String>> receivers;
  private volatile String upstream = "flaky";
  private volatile String receiver = "ok";

  /**
   * @param flaky the initial mode of the demo upstream
   */
  FailureModes(LocalSystem system, Behaviour flaky) {
    this.signer = system.signer();
    this.inbox = system.inbox();
    this.upstreams =
        Map.of(
            "healthy", (_, _) -> new Answer.SignAfter(Duration.ofMillis(100)),
            "flaky", flaky,
            "down", (_, _) -> new Answer.Fail(503),
            "slow", (_, _) -> new Answer.SignAfter(SLOW),
            "hanging", (_, _) -> new Answer.Hang());
    this.receivers = Map.of("ok", _ -> 204, "500", _ -> 500, "410", _ -> 410, "slow", _ -> slow());
  }

  /** The mode of the demo upstream; null if another upstream is used. */
  @Nullable String upstream() {
    return signer == null ? null : upstream;
  }

  /** The mode of the receiver. */
  String receiver() {
    return receiver;
  }

  /**
   * @return false if the mode is unknown or the demo upstream is not in use
   */
  synchronized boolean setUpstream(String mode) {
    Behaviour behaviour = upstreams.get(mode);
    if (behaviour == null || signer == null) {
      return false;
    }
    signer.setBehaviour(behaviour);
    upstream = mode;
    return true;
  }

  /**
   * @return false if the mode is unknown
   */
  synchronized boolean setReceiver(String mode) {
    ToIntFunction<String> statuses = receivers.get(mode);
    if (statuses == null) {
      return false;
    }
    inbox.answerWith(statuses);
    receiver = mode;
    return true;
  }

  private static int slow() {
    try {
      Thread.sleep(SLOW);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return 204;
  }
}
