package dev.signrelay.local;

import dev.signrelay.local.LocalSystem.Ports;
import java.util.HashMap;
import java.util.Map;

/**
 * The local run's command line.
 *
 * @param failingSeconds how long a message fails at the demo signer, at the most
 */
public record LocalOptions(String bind, Ports ports, int signerCallsPerMinute, int failingSeconds) {

  public static final String HELP =
      """
      SignRelay on this machine: API, both functions, queues, a demo signing API and a callback inbox.

      mvn test-compile exec:exec@local -Dlocal.args="OPTIONS"

        --port N              the API, with the console at / and the API reference at /api/docs (3000)
        --signer-port N       the demo signing API (3100)
        --inbox-port N        the callback inbox (3200)
        --sqs-port N          the SQS server (9324)
        --dynamodb-port N     the DynamoDB server (8000)
        --bind ADDRESS        where all of them listen (127.0.0.1); 0.0.0.0 lets containers in
        --signer-limit N      calls a minute that the demo signing API takes (10), and that
                              SignRelay makes; 0: no limit
        --failing-seconds N   how long a message fails there, at the most (15)
        --help

      The console shows each job as it goes, sends messages, makes the demo signing API and the inbox
      healthy or not, and redrives dead letters. From elsewhere it opens by an address or by a name
      without a dot.

      Every setting in the README's table can be given as an environment variable or in a file .env
      here, for instance RETRY_BASE_DELAY_SECONDS=20. With CRYPTO_CLIENT_BASE_URL and
      CRYPTO_CLIENT_API_KEY a real signing API is used instead of the demo one.
      """;

  /**
   * @throws IllegalArgumentException if an option is not known or its value is no number
   */
  public static LocalOptions parse(String... args) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " needs a value; see --help");
      }
      given.put(args[i], args[i + 1]);
    }
    var ports =
        new Ports(
            number(given, "--port", 3000, 65_535),
            number(given, "--signer-port", 3100, 65_535),
            number(given, "--inbox-port", 3200, 65_535),
            number(given, "--sqs-port", 9324, 65_535),
            number(given, "--dynamodb-port", 8000, 65_535));
    String bind = given.remove("--bind");
    var options =
        new LocalOptions(
            bind == null ? "127.0.0.1" : bind,
            ports,
            number(given, "--signer-limit", 10, 1_000),
            number(given, "--failing-seconds", 15, 3_600));
    if (!given.isEmpty()) {
      throw new IllegalArgumentException(
          given.keySet().iterator().next() + " is not known; see --help");
    }
    return options;
  }

  private static int number(Map<String, String> given, String name, int byDefault, int max) {
    String text = given.remove(name);
    if (text == null) {
      return byDefault;
    }
    if (!text.matches("\\d{1,7}") || Integer.parseInt(text) > max) {
      throw new IllegalArgumentException(name + " takes a whole number up to " + max);
    }
    return Integer.parseInt(text);
  }
}
