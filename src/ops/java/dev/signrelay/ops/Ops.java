package dev.signrelay.ops;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The operators' tool. Exit codes: 0, 1 if the command failed, 2 if it was used wrongly. */
@Command(
    name = "ops",
    description = {
      "Inspects and repairs a deployment of SignRelay, or the local run.",
      "Prints no message and no signature, except with: dead show",
      ""
    },
    subcommands = {DeadCommand.class, LineCommand.class, JobCommand.class, SecretCommand.class})
public final class Ops {

  /** As many characters of an id as the local run's log and console show. */
  static final int SHORT_ID = 8;

  /** A table cell cannot be wider. */
  private static final int WIDTH = 100;

  @Spec private CommandSpec spec;

  @Option(
      names = "--stack",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description =
          "the CloudFormation stack, with the credentials of the AWS SDK; default: SIGNRELAY_STACK"
              + " of the environment, unless --local is given")
  private @Nullable String stack;

  @Option(
      names = "--region",
      paramLabel = "R",
      scope = ScopeType.INHERIT,
      description = "of the stack; default: the AWS SDK's")
  private @Nullable String region;

  @Option(
      names = "--local",
      scope = ScopeType.INHERIT,
      description = "the local run on this machine, instead of a stack")
  private boolean local;

  @Option(
      names = "--sqs-port",
      paramLabel = "N",
      scope = ScopeType.INHERIT,
      description = "of the local run; default: that of the last ./local, or 9324")
  private @Nullable Integer sqsPort;

  @Option(
      names = "--dynamodb-port",
      paramLabel = "N",
      scope = ScopeType.INHERIT,
      description = "of the local run; default: that of the last ./local, or 8000")
  private @Nullable Integer dynamoDbPort;

  @Option(names = "--json", scope = ScopeType.INHERIT, description = "prints one JSON document")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "prints this text")
  private boolean help;

  private final InputStream input;

  Ops(InputStream input) {
    this.input = input;
  }

  static void main(String[] args) {
    System.exit(commandLine(System.in).execute(args));
  }

  /**
   * @param input for confirmations and secrets
   */
  public static CommandLine commandLine(InputStream input) {
    return new CommandLine(new Ops(input))
        .setUsageHelpWidth(WIDTH)
        .setOut(new PrintWriter(System.out, true))
        .setExecutionStrategy(Ops::execute)
        .setParameterExceptionHandler(Ops::misused)
        .setExecutionExceptionHandler(
            (e, command, _) -> {
              lines(command.getErr(), Failures.describe(e));
              return command.getCommandSpec().exitCodeOnExecutionException();
            });
  }

  /**
   * Fails if the output cannot be written. A {@link RunLast} that picocli calls itself prints to
   * another stream than it is told if {@code System.out} has been exchanged since it was created.
   */
  private static int execute(ParseResult parsed) {
    int status = new RunLast().execute(parsed);
    CommandLine command = parsed.commandSpec().commandLine();
    return command.getOut().checkError() ? ExitCode.SOFTWARE : status;
  }

  /** Instead of picocli's handler, which also prints the whole help. */
  private static int misused(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    lines(command.getErr(), e.getMessage());
    command.getErr().printf("See: ./%s --help%n", command.getCommandSpec().qualifiedName());
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static void lines(PrintWriter terminal, String text) {
    text.lines().forEach(new TerminalWriter(terminal)::println);
  }

  boolean json() {
    return json;
  }

  InputStream input() {
    return input;
  }

  PrintWriter out() {
    return new TerminalWriter(spec.commandLine().getOut());
  }

  PrintWriter err() {
    return new TerminalWriter(spec.commandLine().getErr());
  }

  void printJson(Map<String, ?> document) {
    out().println(Json.writeAscii(document));
  }

  /** Prints one JSON document, or a line for each of its members. */
  void print(Map<String, ?> document) {
    if (json) {
      printJson(document);
    } else {
      document.forEach(this::printLine);
    }
  }

  void printLine(String name, Object value) {
    Object text = value instanceof JsonNode tree ? Json.writeAscii(tree) : value;
    out().println("%-16s%s".formatted(name, text));
  }

  /** A time as it is printed: exact in JSON, otherwise in whole seconds. */
  String text(Instant time) {
    return json ? time.toString() : Texts.time(time);
  }

  /** The stack; null: none was named. */
  @Nullable String stack() {
    return stack == null && !local ? System.getenv("SIGNRELAY_STACK") : stack;
  }

  /** Asks CloudFormation if a stack is named. */
  Deployment deployment() {
    String named = stack();
    if (local == (named != null)) {
      throw new ParameterException(
          spec.commandLine(),
          local
              ? "Only one of --stack and --local can be given"
              : "Name what to work on: --stack NAME for a deployment, or --local for the local run");
    }
    return named == null
        ? Deployment.ofLocalRun("http://localhost:" + localPorts().sqs())
        : clients().describe(named);
  }

  Clients clients() {
    return local
        ? new Clients(
            null,
            URI.create("http://localhost:" + localPorts().sqs()),
            URI.create("http://localhost:" + localPorts().dynamoDb()))
        : new Clients(region, null, null);
  }

  boolean local() {
    return local;
  }

  private LocalPorts localPorts() {
    LocalPorts last = LocalPorts.read();
    return new LocalPorts(
        sqsPort == null ? last.sqs() : sqsPort,
        dynamoDbPort == null ? last.dynamoDb() : dynamoDbPort);
  }
}
