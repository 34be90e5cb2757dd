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

/**
 * Selects the failures that the demo upstream and the callback receiver simulate. {@code
 * console.html} describes them.
 */
final class FailureModes {

  /** Longer than SignFunction's timeout for upstream calls, shorter than RetryFunction's. */
  private static final Duration SLOW = Duration.ofSeconds(3);

  private static final Map<String, ToIntFunction<String>> RECEIVERS =
      Map.of("ok", _ -> 204, "500", _ -> 500, "410", _ -> 410, "slow", _ -> slow());

  private final @Nullable UnreliableSigner signer;
  private final CallbackInbox inbox;
  private final Map<String, Behaviour> upstreams;
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
  }

  /** The mode of the demo upstream; null if another upstream is used. */
  @Nullable String upstream() {
    return signer == null ? null : upstream;
  }

  String receiver() {
    return receiver;
  }

  /**
   * @param of {@code upstream} or {@code receiver}
   * @return false if the mode is unknown or the demo upstream is not in use
   */
  synchronized boolean set(String of, String mode) {
    if (of.equals("upstream") && signer != null && upstreams.containsKey(mode)) {
      signer.setBehaviour(upstreams.get(mode));
      upstream = mode;
      return true;
    }
    if (of.equals("receiver") && RECEIVERS.containsKey(mode)) {
      inbox.answerWith(RECEIVERS.get(mode));
      receiver = mode;
      return true;
    }
    return false;
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
