package dev.signrelay.testing;

import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.UnreliableSigner;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts a local system on free ports that discards its log. */
public final class SilentSystem {

  /** The interval of DispatchFunction unless a test selects another. */
  private static final Duration DISPATCH_INTERVAL = Duration.ofSeconds(1);

  private SilentSystem() {}

  /** A system whose DispatchFunction runs once a second. */
  public static LocalSystem start(
      Map<String, String> settings,
      UnreliableSigner.Behaviour behaviour,
      int signerCallsPerMinute,
      @Nullable Duration visibilityTimeout)
      throws IOException {
    return start(settings, behaviour, signerCallsPerMinute, visibilityTimeout, DISPATCH_INTERVAL);
  }

  /**
   * @param signerCallsPerMinute the calls that the signer allows; 0: any number
   * @param visibilityTimeout of the queues that invoke RetryFunction; null: as deployed
   * @param dispatchInterval between two runs of DispatchFunction; null: as deployed
   */
  public static LocalSystem start(
      Map<String, String> settings,
      UnreliableSigner.Behaviour behaviour,
      int signerCallsPerMinute,
      @Nullable Duration visibilityTimeout,
      @Nullable Duration dispatchInterval)
      throws IOException {
    return new LocalSystem(
        new LocalSystem.Setup(
            "127.0.0.1",
            LocalSystem.Ports.ANY,
            settings,
            behaviour,
            signerCallsPerMinute,
            visibilityTimeout,
            dispatchInterval),
        _ -> {},
        _ -> {});
  }
}
