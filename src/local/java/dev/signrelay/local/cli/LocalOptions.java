package dev.signrelay.local.cli;

import dev.signrelay.local.LocalSystem.Ports;
import java.util.HashMap;
import java.util.Map;

/**
 * The command-line options of the local run.
 *
 * @param signerCallsPerMinute the rate limit of the demo signing API and of SignRelay; 0: no limit
 * @param failingSeconds the maximum time for which the demo signing API fails a message
 */
public record LocalOptions(String bind, Ports ports, int signerCallsPerMinute, int failingSeconds) {

  public static final String HELP =
      """
      Runs SignRelay on this machine: the API, the functions, an SQS and a DynamoDB server, a demo
      signing API and a callback inbox.

      Usage: mvn test-compile exec:exec@local -Dlocal.args="OPTIONS"

        --port N              port of the API; the console is at /, the API reference at
                              /api/docs (3000)
        --signer-port N       port of the demo signing API (3100)
        --inbox-port N        port of the callback inbox (3200)
        --sqs-port N          port of the SQS server (9324)
        --dynamodb-port N     port of the DynamoDB server (8000)
        --bind ADDRESS        address that all servers listen on (127.0.0.1). With 0.0.0.0,
                              containers can connect, and so can everyone on the same network: no
                              server asks who it is. They can have messages signed, with your
                              upstream key if you set one, read and change all jobs, and have
                              callbacks sent from this machine to any address
        --signer-limit N      rate limit of the demo signing API and of SignRelay, in calls per
                              minute (10); 0: no limit
        --failing-seconds N   maximum time for which the demo signing API fails a message (15)
        --help                prints this help

      The console sends messages, shows the progress of all jobs, simulates failures of the demo
      signing API and of the callback receiver, and redrives dead letters. From another machine, open
      it by IP address.

      All servers refuse web pages of other origins: requests whose Host is not localhost, 127.0.0.1,
      [::1], host.docker.internal or the address of --bind, or whose Origin or Sec-Fetch-Site names
      another page.

      Callbacks are signed with a demo secret that is printed, unless CALLBACK_SIGNING_SECRET is set.

      All settings of the functions can be set as environment variables or in a file .env in the
      current directory, for example RETRY_BASE_DELAY_SECONDS=20. Set CRYPTO_CLIENT_BASE_URL and
      CRYPTO_CLIENT_API_KEY to use a real signing API instead of the demo.
      """;

  /**
   * Parses pairs of option and value. The last value of a repeated option applies.
   *
   * @throws IllegalArgumentException if an option is unknown or its value is missing or invalid
   */
  public static LocalOptions parse(String... args) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " requires a value; see --help");
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
          "Unknown option " + given.keySet().iterator().next() + "; see --help");
    }
    return options;
  }

  private static int number(Map<String, String> given, String name, int byDefault, int max) {
    String text = given.remove(name);
    if (text == null) {
      return byDefault;
    }
    if (!text.matches("\\d{1,7}") || Integer.parseInt(text) > max) {
      throw new IllegalArgumentException(name + " must be an integer from 0 to " + max);
    }
    return Integer.parseInt(text);
  }
}
