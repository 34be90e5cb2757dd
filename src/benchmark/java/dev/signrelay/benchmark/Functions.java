package dev.signrelay.benchmark;

import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.LocalEnvironment;
import dev.signrelay.local.QueueServer;
import dev.signrelay.local.Template;
import dev.signrelay.testing.Program;
import dev.signrelay.testing.RuntimeJars;
import dev.signrelay.testing.lambda.FunctionConfig;
import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import dev.signrelay.testing.lambda.RuntimeClient;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The measured functions, with the template's environment and the class path of Lambda. */
final class Functions {

  /** Settings: no limit on upstream calls. */
  static final Map<String, String> UNLIMITED =
      Map.of("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0");

  private static final List<Path> BENCHMARK_CLASSES = List.of(Path.of("target/test-classes"));

  private final Backends backends;
  private final Path folder;
  private final List<Path> packaged;
  private final String clientLibrary;
  private final @Nullable String jvm;

  /** One CPU, as a function of up to 1,769 MB has it. Empty: {@code taskset} is missing. */
  private final List<String> pinning =
      Program.isInstalled("taskset") ? List.of("taskset", "-c", "0") : List.of();

  /**
   * @param folder for the functions' working directory and {@code functions.log}
   * @param project the project whose functions are measured, built
   * @param jvm the functions' JVM options, with spaces between; null: the template's
   */
  Functions(Backends backends, Path folder, Path project, @Nullable String jvm) throws IOException {
    this.backends = backends;
    this.folder = folder;
    this.jvm = jvm;
    packaged =
        Stream.concat(
                Stream.of(project.resolve("target/classes")),
                RuntimeJars.read(project).files().stream())
            .toList();
    clientLibrary = RuntimeClient.unpackLibrary(folder);
    Files.createDirectories(folder.resolve("task"));
    Files.deleteIfExists(folder.resolve("functions.log"));
  }

  Backends backends() {
    return backends;
  }

  URI callbackUrl() {
    return backends.https().resolve("/callback");
  }

  /** The floor: {@link HelloHandler}, with the options that Lambda chooses. */
  FunctionConfig floor() {
    return function(
        HelloHandler.class.getName(),
        Map.of("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1"),
        List.of(),
        BENCHMARK_CLASSES);
  }

  /** {@link BareCallHandler}. */
  FunctionConfig bareCall() {
    return function(BareCallHandler.class.getName(), Map.of(), packaged, BENCHMARK_CLASSES);
  }

  /** SignFunction without a limit, which reads the upstream key from Secrets Manager. */
  FunctionConfig signWithManagedKey() {
    var settings = new HashMap<>(UNLIMITED);
    settings.put("CRYPTO_CLIENT_API_KEY", "");
    settings.put(
        "CRYPTO_CLIENT_API_KEY_ARN",
        "arn:aws:secretsmanager:us-east-1:000000000000:secret:benchmark-a1B2c3");
    settings.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", backends.http().toString());
    return sign(settings);
  }

  /** SignFunction without a limit, which reuses signatures. */
  FunctionConfig signWithCache() {
    var settings = new HashMap<>(UNLIMITED);
    settings.put("SIGNATURE_CACHE_SECONDS", "3600");
    return sign(settings);
  }

  /**
   * @param settings environment variables that differ from the template's
   */
  FunctionConfig sign(Map<String, String> settings) {
    return function("dev.signrelay.SignHandler", settings, packaged, List.of());
  }

  /**
   * @param settings environment variables that differ from the template's
   */
  FunctionConfig retry(Map<String, String> settings) {
    return function("dev.signrelay.RetryHandler", settings, packaged, List.of());
  }

  /**
   * @param settings environment variables that differ from the template's
   */
  FunctionConfig dispatch(Map<String, String> settings) {
    return function("dev.signrelay.DispatchHandler", settings, packaged, List.of());
  }

  /** Lets jobs join the line. Returns the event of DispatchFunction, which has no content. */
  byte[] jobsInLine(int count) {
    QueueServer sqs = backends.sqs();
    for (int i = 0; i < count; i++) {
      String body = Events.unsigned("sign-0", callbackUrl());
      sqs.client().sendMessage(m -> m.queueUrl(sqs.queues().lineQueueUrl()).messageBody(body));
    }
    return "{}".getBytes(StandardCharsets.UTF_8);
  }

  private FunctionConfig function(
      String handler, Map<String, String> settings, List<Path> before, List<Path> after) {
    var references = new HashMap<>(backends.sqs().queues().references());
    references.put("RateLimitTable", backends.dynamoDb().tableName());
    references.put("JobTable", DynamoDbServer.JOB_TABLE);
    references.put("CryptoClientBaseUrl", backends.https().toString());
    Map<String, String> environment =
        LocalEnvironment.of(
            Template.read(), references, backends.sqs().endpoint(), backends.dynamoDb().endpoint());
    if (jvm != null) {
      environment.put("JAVA_TOOL_OPTIONS", jvm);
    }
    environment.putAll(settings);
    String classPath =
        Stream.of(before, RuntimeClient.jars(), after)
            .flatMap(List::stream)
            .distinct()
            .map(path -> path.toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator));
    return new FunctionConfig(
        handler,
        classPath,
        folder.resolve("task"),
        folder.resolve("functions.log"),
        environment,
        List.of(clientLibrary, "-Djavax.net.ssl.trustStore=" + backends.trustStore()));
  }

  /** Starts a function on one CPU. */
  FunctionProcess start(FunctionConfig function, Start start) throws IOException {
    return new FunctionProcess(function, start, pinning);
  }
}
