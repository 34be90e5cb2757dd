package dev.signrelay.simulation;

import dev.signrelay.app.Config;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The settings of a run, and how bad the day of the upstream and the receivers is.
 *
 * @param jobs requests
 * @param within they all come in that time
 * @param signingFails how often the upstream answers 503
 * @param deliveryFails how often a receiver answers 503
 * @param processes of RetryFunction
 */
record Scenario(
    Config config,
    int jobs,
    Duration within,
    double signingFails,
    double deliveryFails,
    int processes) {

  static Scenario drawn(SeededRandom random) {
    return new Scenario(
        config(random),
        1 + random.below(5),
        random.oneOf(Duration.ofMillis(10), Duration.ofSeconds(10), Duration.ofMinutes(3)),
        random.oneOf(0.0, 0.2, 0.5, 1.0),
        random.oneOf(0.0, 0.2, 0.5, 1.0),
        1 + random.below(3));
  }

  @Override
  public String toString() {
    return ("%d requests within %s, %d calls a minute; delays from %s to %s; %d attempts, %d callbacks%s;"
            + " the upstream fails %.0f %%, the receivers %.0f %%")
        .formatted(
            jobs,
            within,
            config.upstream().callsPerMinute(),
            config.retry().baseDelay(),
            config.retry().maxDelay(),
            config.retry().maxAttempts(),
            config.callback().maxAttempts(),
            config.callback().notifyOnFailure() ? " and a notice" : "",
            100 * signingFails,
            100 * deliveryFails);
  }

  private static Config config(SeededRandom random) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "CRYPTO_CLIENT_BASE_URL", "https://upstream.example",
                "CRYPTO_CLIENT_API_KEY", "the-key",
                "RETRY_QUEUE_URL", "https://sqs.example/1/retry",
                "DEAD_LETTER_QUEUE_URL", "https://sqs.example/1/dead",
                "RATE_LIMIT_TABLE", "limits"));
    environment.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", random.oneOf("1", "2", "10"));
    environment.put("RETRY_BASE_DELAY_SECONDS", random.oneOf("1", "20", "400"));
    environment.put("RETRY_MAX_DELAY_SECONDS", random.oneOf("400", "900", "4000"));
    environment.put("RETRY_MAX_ATTEMPTS", Integer.toString(1 + random.below(6)));
    environment.put("CALLBACK_MAX_ATTEMPTS", Integer.toString(1 + random.below(6)));
    environment.put("CALLBACK_ON_FAILURE", random.oneOf("true", "false"));
    return Config.from(environment::get);
  }
}
