package dev.signrelay.local.console;

import dev.signrelay.local.CallbackInbox;
import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.UnreliableSigner;
import dev.signrelay.local.UnreliableSigner.Answer;
import dev.signrelay.local.UnreliableSigner.Mood;
import java.time.Duration;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Selects the behaviour of the demo upstream and of the callback receiver. */
final class Switches {

  /** Longer than SignFunction's timeout for upstream calls, shorter than RetryFunction's. */
  private static final Duration SLOW = Duration.ofSeconds(3);

  private final @Nullable UnreliableSigner signer;
  private final CallbackInbox inbox;
  private final Map<String, Mood> moods;
  private final Map<String, ToIntFunction<String>> receivers;
  private volatile String upstream = "flaky";
  private volatile String receiver = "ok";

  /**
   * @param flaky the initial mood of the demo upstream
   */
  Switches(LocalSystem system, Mood flaky) {
    this.signer = system.signer();
    this.inbox = system.inbox();
    this.moods =
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

  String receiver() {
    return receiver;
  }

  /**
   * @return false if the mode is unknown or the demo upstream is not in use
   */
  synchronized boolean turnUpstream(String to) {
    Mood mood = moods.get(to);
    if (mood == null || signer == null) {
      return false;
    }
    signer.setMood(mood);
    upstream = to;
    return true;
  }

  /**
   * @return false if the mode is unknown
   */
  synchronized boolean turnReceiver(String to) {
    ToIntFunction<String> statuses = receivers.get(to);
    if (statuses == null) {
      return false;
    }
    inbox.answerWith(statuses);
    receiver = to;
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
