package dev.signrelay.simulation;

import dev.signrelay.app.Config;
import dev.signrelay.testing.TestEnvironment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The settings, the load and the failure rates of a run.
 *
 * @param requests the number of requests
 * @param within the time in which all requests arrive
 * @param signingFails how often the upstream responds 503
 * @param deliveryFails how often a receiver responds 503
 * @param settings the same for all releases of a run
 * @param config of these settings
 * @param expiring how often the result of a request is wanted for a limited time
 * @param furtherProcesses of RetryFunction, beyond those that the limit requires
 */
record Scenario(
    Map<String, String> settings,
    Config config,
    int requests,
    Duration within,
    double signingFails,
    double deliveryFails,
    double expiring,
    int furtherProcesses) {

  private static final int MAX_DELAY = 4_000;

  static Scenario drawn(SeededRandom random) {
    Map<String, String> settings = settings(random);
    return new Scenario(
        settings,
        TestEnvironment.config(settings),
        1 + random.below(random.oneOf(5, 12)),
        random.oneOf(
            Duration.ofMillis(10),
            Duration.ofMillis(10),
            Duration.ofMinutes(3),
            Duration.ofMinutes(15)),
        random.oneOf(0.0, 0.2, 0.5, 1.0),
        random.oneOf(0.0, 0.2, 0.5, 1.0),
        random.oneOf(0.0, 0.0, 0.0, 0.4),
        random.below(3));
  }

  /** The configuration with another limit. */
  Config limitedTo(int calls) {
    var limited = new HashMap<>(settings);
    limited.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", Integer.toString(calls));
    return TestEnvironment.config(limited);
  }

  /** How long the result of the next request is wanted; empty: as long as it takes. */
  Optional<Duration> validity(SeededRandom random) {
    return random.getAsDouble() < expiring
        ? Optional.of(Duration.ofSeconds(1 + random.below(random.oneOf(3, 60, 600, 4_000))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return ("%d requests within %s, %.0f %% of which expire; delays from %s to %s;"
            + " %d attempts and %s, %d callbacks and %s%s;"
            + " the upstream fails %.0f %%, the receivers %.0f %%")
        .formatted(
            requests,
            within,
            100 * expiring,
            config.retry().baseDelay(),
            config.retry().maxDelay(),
            config.retry().maxAttempts(),
            config.retry().giveUpAfter(),
            config.callback().maxAttempts(),
            config.callback().giveUpAfter(),
            config.callback().notifyOnFailure() ? " and a failure notice" : "",
            100 * signingFails,
            100 * deliveryFails);
  }

  private static Map<String, String> settings(SeededRandom random) {
    int baseDelay = random.oneOf(1, 20, 400, 900);
    int maxDelay = Math.min(MAX_DELAY, baseDelay * random.oneOf(1, 2, 10));
    return Map.of(
        "RETRY_BASE_DELAY_SECONDS", Integer.toString(baseDelay),
        "RETRY_MAX_DELAY_SECONDS", Integer.toString(maxDelay),
        "CALLBACK_MAX_DELAY_SECONDS", Integer.toString(maxDelay),
        "RETRY_GIVE_UP_AFTER_SECONDS", random.oneOf("0", "0", "60", "3600"),
        "CALLBACK_GIVE_UP_AFTER_SECONDS", random.oneOf("0", "0", "60", "3600"),
        "RETRY_MAX_ATTEMPTS", Integer.toString(1 + random.below(6)),
        "CALLBACK_MAX_ATTEMPTS", Integer.toString(1 + random.below(6)),
        "CALLBACK_ON_FAILURE", random.oneOf("true", "false"));
  }
}
