package dev.signrelay.testing.lambda;

import dev.signrelay.local.Template;
import dev.signrelay.testing.lambda.ProcessTime.Span;
import dev.signrelay.testing.lambda.RuntimeApi.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A function in a separate process, run by AWS's runtime interface client with the JVM options of
 * Lambda's runtime and of the template.
 */
public final class FunctionProcess implements AutoCloseable {

  /** As in Lambda. The last one enables CRaC's hooks. */
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-Djava.net.preferIPv4Stack=true",
          "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");

  /** Unless the function has others. */
  private static final String TEMPLATE_OPTIONS =
      Template.read().environment().get("JAVA_TOOL_OPTIONS").toString();

  private static final Set<String> ACCESS_KEY =
      Set.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");

  /** How a process is initialized. */
  public enum Start {
    ON_DEMAND("on-demand"),
    SNAP_START("snap-start");

    private final String type;

    Start(String type) {
      this.type = type;
    }
  }

  private final FunctionConfig function;
  private final RuntimeApi api;
  private final ProcessTime started;
  private final Process process;

  /**
   * @param command a prefix of the Java command, for instance {@code taskset}; may be empty
   */
  public FunctionProcess(FunctionConfig function, Start start, List<String> command)
      throws IOException {
    this.function = function;
    api = new RuntimeApi(this::now);
    List<String> line = new ArrayList<>(command);
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(OPTIONS);
    line.addAll(function.jvmOptions());
    line.addAll(List.of("-cp", function.classPath(), RuntimeClient.MAIN_CLASS, function.handler()));
    var builder =
        new ProcessBuilder(line)
            .directory(function.folder().toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(function.log().toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(function.errors().toFile()));
    builder.environment().clear();
    builder.environment().put("JAVA_TOOL_OPTIONS", TEMPLATE_OPTIONS);
    builder.environment().putAll(function.environment());
    builder
        .environment()
        .putAll(
            Map.of(
                "AWS_LAMBDA_RUNTIME_API", api.address(),
                "AWS_LAMBDA_INITIALIZATION_TYPE", start.type,
                "AWS_LAMBDA_LOG_FORMAT", "JSON",
                "AWS_LAMBDA_FUNCTION_NAME", "signrelay",
                "AWS_LAMBDA_FUNCTION_VERSION", "1",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024",
                "_HANDLER", function.handler()));
    if (start == Start.SNAP_START) {
      builder.environment().keySet().removeAll(ACCESS_KEY);
      builder.environment().putAll(api.credentials());
    }
    started = ProcessTime.beforeStart();
    process = builder.start();
    process.onExit().thenAccept(ended -> api.processExited(ended.exitValue()));
  }

  private ProcessTime now() {
    return ProcessTime.of(process.pid());
  }

  /** When the process was started. */
  public ProcessTime started() {
    return started;
  }

  public RuntimeApi api() {
    return api;
  }

  /** One invocation, from its event to its response. */
  public record Invocation(Span span, Reply reply) {}

  public Invocation invoke(Supplier<byte[]> event) throws InterruptedException, TimeoutException {
    api.awaitEventRequest();
    api.invoke(event);
    ProcessTime sent = api.awaitEventSent();
    Reply reply = api.awaitReply();
    return new Invocation(sent.until(reply.at()), reply);
  }

  /**
   * Waits until the process exits.
   *
   * @return its status
   * @throws IllegalThreadStateException if it does not exit
   */
  public int awaitExit() throws InterruptedException {
    process.waitFor(60, TimeUnit.SECONDS);
    return process.exitValue();
  }

  /** The complete output of the process, on both streams. */
  public String printed() throws IOException {
    return Files.readString(function.log()) + Files.readString(function.errors());
  }

  /** The lines on standard output so far: the function's log. */
  public List<String> log() throws IOException {
    return Files.readAllLines(function.log());
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    api.close();
  }
}
