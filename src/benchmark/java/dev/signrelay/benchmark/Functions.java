package dev.signrelay.benchmark;

import dev.signrelay.RuntimeJars;
import dev.signrelay.benchmark.BackendMain.Addresses;
import dev.signrelay.lambda.Function;
import dev.signrelay.lambda.FunctionProcess;
import dev.signrelay.lambda.FunctionProcess.Invocation;
import dev.signrelay.lambda.FunctionProcess.Start;
import dev.signrelay.lambda.LocalEnvironment;
import dev.signrelay.lambda.Moment.Span;
import dev.signrelay.lambda.RuntimeClient;
import dev.signrelay.local.Program;
import dev.signrelay.local.Template;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The measured functions, with the template's environment and the class path of Lambda. */
final class Functions {

  private static final Map<String, String> UNLIMITED =
      Map.of("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0");

  private static final List<Path> BENCHMARK_CLASSES = List.of(Path.of("target/test-classes"));

  private final BackendProcess backends;
  private final Path folder;
  private final List<Path> packaged;
  private final String clientLibrary;

  /** One CPU, as a function of up to 1,769 MB has it. Empty: {@code taskset} is missing. */
  private final List<String> pinning =
      Program.isInstalled("taskset") ? List.of("taskset", "-c", "0") : List.of();

  /**
   * @param folder for the functions' working directory and {@code functions.log}
   */
  Functions(BackendProcess backends, Path folder) throws IOException {
    this.backends = backends;
    this.folder = folder;
    packaged =
        Stream.concat(Stream.of(Path.of("target/classes")), RuntimeJars.read().files().stream())
            .toList();
    clientLibrary = RuntimeClient.unpackLibrary(folder);
    Files.createDirectories(folder.resolve("task"));
    Files.deleteIfExists(folder.resolve("functions.log"));
  }

  /** What is deployed: the directory of our classes, and jars. */
  List<Path> packaged() {
    return packaged;
  }

  Addresses backends() {
    return backends.addresses();
  }

  URI callbackUrl() {
    return backends().https().resolve("/callback");
  }

  /** The floor: {@link HelloHandler}. */
  Function floor() {
    return function(HelloHandler.class.getName(), Map.of(), List.of(), BENCHMARK_CLASSES);
  }

  /** {@link BareCallHandler}. */
  Function bareCall() {
    return function(BareCallHandler.class.getName(), Map.of(), packaged, BENCHMARK_CLASSES);
  }

  /** SignFunction with the template's limit. */
  Function signLimited() {
    return function("dev.signrelay.SignHandler", Map.of(), packaged, List.of());
  }

  /** SignFunction without a limit. */
  Function sign() {
    return function("dev.signrelay.SignHandler", UNLIMITED, packaged, List.of());
  }

  /**
   * RetryFunction without a limit.
   *
   * @param settings environment variables that differ from the template's
   */
  Function retry(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(UNLIMITED);
    all.putAll(settings);
    return function("dev.signrelay.RetryHandler", all, packaged, List.of());
  }

  private Function function(
      String handler, Map<String, String> settings, List<Path> before, List<Path> after) {
    Map<String, String> environment =
        LocalEnvironment.of(
            Template.read(),
            Map.of(
                "RetryQueue", backends().retryQueue(),
                "DeadLetterQueue", backends().deadLetterQueue(),
                "RateLimitTable", backends().table(),
                "CryptoClientBaseUrl", backends().https().toString()),
            backends().sqs(),
            backends().dynamoDb());
    environment.putAll(settings);
    String classPath =
        Stream.of(before, RuntimeClient.jars(), after)
            .flatMap(List::stream)
            .distinct()
            .map(path -> path.toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator));
    return new Function(
        handler,
        classPath,
        folder.resolve("task"),
        folder.resolve("functions.log"),
        environment,
        List.of(clientLibrary, "-Djavax.net.ssl.trustStore=" + backends.trustStore()));
  }

  /** Starts a function on one CPU. */
  FunctionProcess start(Function function, Start start) throws IOException {
    return new FunctionProcess(function, start, pinning);
  }

  /**
   * Sends a batch to RetryFunction.
   *
   * @throws IllegalStateException if a record failed
   */
  static Span invokeBatch(FunctionProcess process, List<String> messages, URI callbackUrl)
      throws Exception {
    Invocation invocation = process.invoke(() -> Events.batch(messages, callbackUrl));
    if (!invocation.reply().text().contains("[]")) {
      throw new IllegalStateException("Records failed: " + invocation.reply().text());
    }
    return invocation.span();
  }
}
