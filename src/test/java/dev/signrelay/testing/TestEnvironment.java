package dev.signrelay.testing;

import dev.signrelay.app.Config;
import java.util.HashMap;
import java.util.Map;

/** Environment variables for tests. */
public final class TestEnvironment {

  /** The required variables. */
  public static final Map<String, String> REQUIRED =
      Map.of(
          "CRYPTO_CLIENT_BASE_URL", "https://upstream.example",
          "CRYPTO_CLIENT_API_KEY", "the-key",
          "RETRY_QUEUE_URL", "https://sqs.example/1/retry",
          "CALLBACK_QUEUE_URL", "https://sqs.example/1/callback",
          "LINE_QUEUE_URL", "https://sqs.example/1/line",
          "DEAD_LETTER_QUEUE_URL", "https://sqs.example/1/dead",
          "RATE_LIMIT_TABLE", "limits");

  private TestEnvironment() {}

  /** The configuration with these settings, and otherwise with the defaults. */
  public static Config config(Map<String, String> settings) {
    var environment = new HashMap<>(REQUIRED);
    environment.putAll(settings);
    return Config.from(environment::get);
  }
}
