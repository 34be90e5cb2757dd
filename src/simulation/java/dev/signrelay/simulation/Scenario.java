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
 * @param within the time in which all requests arrive
 * @param signingFails how often the upstream responds 503
 * @param deliveryFails how often a receiver responds 503
 * @param settings the same for all releases of a run
 * @param expiring how often the result of a request is wanted for a limited time
 * @param messages how many different messages there are; 0: each request has its own
 * @param asynchronous how often a request has {@code Prefer: respond-async}
 * @param keyed how often a request has an {@code Idempotency-Key}; 0 without records
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
    int messages,
    double asynchronous,
    double keyed,
    int furtherProcesses) {

  /** Long lines and high limits take as long as many other runs. */
  private static final double LARGE = 0.001;

  private static final int LEAST_OF_LARGE = 200;
  private static final int MOST_OF_LARGE = 700;

  /** A run with thousands of requests takes as long as some hundred other runs. */
  private static final double THOUSANDS = 0.0005;

  private static final int LEAST_OF_THOUSANDS = 1_000;
  private static final int MOST_OF_THOUSANDS = 4_000;

  private static final Duration AT_ONCE = Duration.ofMillis(10);

  private static final int MAX_DELAY = 4_000;

  /** No record is forgotten during a run. */
  private static final String LONGEST_RECORD_TIME = "1209600";

  /**
   * @param ofLine draws whether there is a line of thousands, so that all other runs stay the same
   */
  static Scenario drawn(SeededRandom random, SeededRandom ofLine) {
    Map<String, String> settings = settings(random);
    Config config = TestEnvironment.config(settings);
    boolean records = config.records().enabled();
    int requests = requests(random);
    if (ofLine.getAsDouble() < THOUSANDS) {
      requests = LEAST_OF_THOUSANDS + ofLine.below(MOST_OF_THOUSANDS - LEAST_OF_THOUSANDS);
    }
    return new Scenario(
        settings,
        config,
        requests,
        random.oneOf(AT_ONCE, AT_ONCE, Duration.ofMinutes(3), Duration.ofMinutes(15)),
        random.oneOf(0.0, 0.2, 0.5, 1.0),
        random.oneOf(0.0, 0.2, 0.5, 1.0),
        random.oneOf(0.0, 0.0, 0.0, 0.4),
        messages(requests, random.oneOf(0, config.records().reusesSignatures() ? 2 : 0, 4)),
        random.oneOf(0.0, 0.3, 0.9),
        records ? random.oneOf(0.0, 0.2, 0.5) : 0,
        random.below(3));
  }

  /** Jobs have as much time as they need. The load comes from elsewhere. */
  static Scenario with(Map<String, String> settings) {
    var all = new HashMap<>(settings);
    all.put("RETRY_GIVE_UP_AFTER_SECONDS", "0");
    all.put("CALLBACK_GIVE_UP_AFTER_SECONDS", "0");
    return new Scenario(all, TestEnvironment.config(all), 0, Duration.ZERO, 0, 0, 0, 0, 0, 0, 0);
  }

  private static int requests(SeededRandom random) {
    return random.getAsDouble() < LARGE
        ? LEAST_OF_LARGE + random.below(MOST_OF_LARGE - LEAST_OF_LARGE)
        : 1 + random.below(random.oneOf(5, 12, 12, 40));
  }

  /** Hundreds of requests that wait for one call would take long. */
  private static int messages(int requests, int messages) {
    return requests < LEAST_OF_LARGE ? messages : 0;
  }

  /** Whether all requests come together, and none is retried. */
  boolean callsComeAtOnce() {
    return within.equals(AT_ONCE) && signingFails == 0;
  }

  /** Whether there are so many requests that a high limit makes a line. */
  boolean isLarge() {
    return requests >= LEAST_OF_LARGE;
  }

  /** The limits of which a run has one at first: the line lasts for some periods. */
  Integer[] limits() {
    return requests >= LEAST_OF_THOUSANDS
        ? new Integer[] {100, 300, 1_000}
        : isLarge() ? new Integer[] {20, 100, 500} : new Integer[] {1, 2, 10};
  }

  /** The limits of which a changed configuration has one. */
  Integer[] changedLimits() {
    return isLarge() ? new Integer[] {0, 50, 500} : new Integer[] {0, 1, 2, 10, 20};
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

  private static Map<String, String> settings(SeededRandom random) {
    int baseDelay = random.oneOf(1, 20, 400, 900);
    int maxDelay = Math.min(MAX_DELAY, baseDelay * random.oneOf(1, 2, 10));
    var settings = new HashMap<>(records(random));
    settings.putAll(
        Map.of(
            "RETRY_BASE_DELAY_SECONDS", Integer.toString(baseDelay),
            "RETRY_MAX_DELAY_SECONDS", Integer.toString(maxDelay),
            "CALLBACK_MAX_DELAY_SECONDS", Integer.toString(maxDelay),
            "RETRY_GIVE_UP_AFTER_SECONDS", random.oneOf("0", "0", "60", "3600"),
            "CALLBACK_GIVE_UP_AFTER_SECONDS", random.oneOf("0", "0", "60", "3600"),
            "RETRY_MAX_ATTEMPTS", Integer.toString(1 + random.below(6)),
            "CALLBACK_MAX_ATTEMPTS", Integer.toString(1 + random.below(6)),
            "CALLBACK_ON_FAILURE", random.oneOf("true", "false")));
    return settings;
  }

  /** Half of the runs have records, and half of these reuse signatures. */
  private static Map<String, String> records(SeededRandom random) {
    return random.oneOf(true, false)
        ? Map.of(
            "JOB_TABLE",
            "jobs",
            "JOB_RECORD_SECONDS",
            LONGEST_RECORD_TIME,
            "SIGNATURE_CACHE_SECONDS",
            random.oneOf("0", "0", "60", "3600"))
        : Map.of();
  }
}
