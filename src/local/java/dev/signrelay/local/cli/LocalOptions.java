package dev.signrelay.local.cli;

import dev.signrelay.local.LocalSystem.Ports;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command-line options of the local run. */
@Command(
    customSynopsis = "./local [OPTIONS]",
    sortOptions = false,
    usageHelpAutoWidth = true,
    header = {
      "Runs SignRelay on this machine: the API, the functions, an SQS and a DynamoDB server, a demo"
          + " signing API and a callback inbox.",
      ""
    },
    footer = {
      "",
      "The console sends messages, shows the progress of all jobs, simulates failures of the demo"
          + " signing API and of the callback receiver, and redrives dead letters. With --bind,"
          + " open it from another machine by IP address.",
      "",
      "All servers refuse web pages of other origins: requests whose Host is not localhost,"
          + " 127.0.0.1, [::1], host.docker.internal or the address of --bind, or whose Origin or"
          + " Sec-Fetch-Site names another page.",
      "",
      "Callbacks are signed with a demo secret that is printed, unless CALLBACK_SIGNING_SECRET is"
          + " set.",
      "",
      "All settings of the functions can be set as environment variables or in the file '.env' of the"
          + " current directory, for example RETRY_BASE_DELAY_SECONDS=20. Set CRYPTO_CLIENT_BASE_URL"
          + " and CRYPTO_CLIENT_API_KEY to use a real signing API instead of the demo."
    })
abstract class LocalOptions implements Callable<Integer> {

  private static final int MAX_PORT = 65_535;

  @Spec CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "3000",
      description =
          "port of the API; the console is at /, the API reference at /api/docs"
              + " (${DEFAULT-VALUE})")
  int port;

  @Option(
      names = "--signer-port",
      paramLabel = "N",
      defaultValue = "3100",
      description = "port of the demo signing API (${DEFAULT-VALUE})")
  int signerPort;

  @Option(
      names = "--inbox-port",
      paramLabel = "N",
      defaultValue = "3200",
      description = "port of the callback inbox (${DEFAULT-VALUE})")
  int inboxPort;

  @Option(
      names = "--sqs-port",
      paramLabel = "N",
      defaultValue = "9324",
      description = "port of the SQS server (${DEFAULT-VALUE})")
  int sqsPort;

  @Option(
      names = "--dynamodb-port",
      paramLabel = "N",
      defaultValue = "8000",
      description = "port of the DynamoDB server (${DEFAULT-VALUE})")
  int dynamoDbPort;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "address that all servers listen on (${DEFAULT-VALUE}). With 0.0.0.0, containers can"
              + " connect, and so can everyone on the same network: no server asks who it is. They"
              + " can have messages signed, with your upstream key if you set one, read and change"
              + " all jobs, and have callbacks sent from this machine to any address")
  String bind;

  @Option(
      names = "--signer-limit",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "rate limit of the demo signing API and of SignRelay, in calls per minute"
              + " (${DEFAULT-VALUE}); 0: no limit")
  int signerLimit;

  @Option(
      names = "--failing-seconds",
      paramLabel = "N",
      defaultValue = "15",
      description =
          "maximum time for which the demo signing API fails a message (${DEFAULT-VALUE})")
  int failingSeconds;

  @Option(
      names = "--quiet",
      description = "prints no line for each step, only a summary each minute and at the end")
  boolean quiet;

  @Option(
      names = "--keep",
      paramLabel = "FILE",
      description =
          "appends what happens to the jobs to FILE, and shows the jobs in it again in the console"
              + " after a restart. It contains messages and signatures; only you can read it. The"
              + " queues are in memory: jobs that were not over are lost")
  @Nullable Path keep;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "prints this text")
  boolean help;

  /** A parser that reports a mistake in one or two lines, and exits with 2. */
  static CommandLine commandLine(LocalOptions options) {
    return new CommandLine(options)
        .setParameterExceptionHandler(
            (mistake, _) -> {
              var err = mistake.getCommandLine().getErr();
              err.println(mistake.getMessage() + "; see ./local --help");
              CommandLine.UnmatchedArgumentException.printSuggestions(mistake, err);
              return CommandLine.ExitCode.USAGE;
            });
  }

  /** The options of the ports. */
  Map<String, Integer> portOptions() {
    var ports = new LinkedHashMap<String, Integer>();
    ports.put("--port", port);
    ports.put("--signer-port", signerPort);
    ports.put("--inbox-port", inboxPort);
    ports.put("--sqs-port", sqsPort);
    ports.put("--dynamodb-port", dynamoDbPort);
    return ports;
  }

  Ports ports() {
    return new Ports(port, signerPort, inboxPort, sqsPort, dynamoDbPort);
  }

  /**
   * @throws ParameterException if a number is out of its bounds
   */
  void check() {
    portOptions().forEach((option, value) -> check(option, value, MAX_PORT));
    check("--signer-limit", signerLimit, 1_000);
    check("--failing-seconds", failingSeconds, 3_600);
  }

  private void check(String option, int value, int max) {
    if (value < 0 || value > max) {
      throw new ParameterException(
          spec.commandLine(), "%s must be an integer from 0 to %,d".formatted(option, max));
    }
  }
}
