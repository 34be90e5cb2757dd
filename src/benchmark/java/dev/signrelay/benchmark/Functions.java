package dev.signrelay.benchmark;

import dev.signrelay.local.LocalEnvironment;
import dev.signrelay.local.Template;
import dev.signrelay.testing.lambda.FunctionConfig;
import dev.signrelay.testing.lambda.RuntimeClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The functions that are measured, with their settings. */
final class Functions {

  private static final String SIGN = "dev.signrelay.SignHandler";
  private static final String RETRY = "dev.signrelay.RetryHandler";
  private static final String LIMIT = "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE";

  private final ClassPaths classPaths;
  private final OutsideProcess outside;
  private final Path task;
  private final Path log;
  private final String clientLibrary;

  /**
   * @param folder for what functions need besides, and for {@code functions.log}
   */
  Functions(ClassPaths classPaths, OutsideProcess outside, Path folder) throws IOException {
    this.classPaths = classPaths;
    this.outside = outside;
    this.task = Files.createDirectories(folder.resolve("task"));
    this.log = folder.resolve("functions.log");
    this.clientLibrary = RuntimeClient.unpackLibrary(folder);
  }

  /** The floor. */
  FunctionConfig hello() {
    return function(HelloHandler.class.getName(), classPaths.ofHello(), Map.of());
  }

  /** One call of the upstream with the same HTTP client, and nothing else. */
  FunctionConfig bareCall() {
    return function(BareCallHandler.class.getName(), classPaths.ofBoth(), Map.of());
  }

  FunctionConfig sign() {
    return function(SIGN, classPaths.ofFunction(), Map.of(LIMIT, "0"));
  }

  FunctionConfig signLimited() {
    return function(SIGN, classPaths.ofFunction(), Map.of());
  }

  FunctionConfig retry() {
    return function(RETRY, classPaths.ofFunction(), Map.of(LIMIT, "0"));
  }

  /** RetryFunction, whose requests to SQS are counted. */
  FunctionConfig retryCounted() {
    return function(
        RETRY,
        classPaths.ofFunction(),
        Map.of(LIMIT, "0", "AWS_ENDPOINT_URL_SQS", outside.address("sqs-counter")));
  }

  /** RetryFunction with an upstream over plain HTTP. */
  FunctionConfig retryOverHttp() {
    return function(
        RETRY,
        classPaths.ofFunction(),
        Map.of(LIMIT, "0", "CRYPTO_CLIENT_BASE_URL", outside.address("http")));
  }

  /** A function that also tells how much it has allocated. */
  FunctionConfig telling(FunctionConfig function) {
    var environment = new HashMap<>(function.environment());
    environment.put(AllocationHandler.DELEGATE, function.handler());
    return new FunctionConfig(
        AllocationHandler.class.getName(),
        classPaths.ofBoth(),
        task,
        log,
        environment,
        function.jvmOptions());
  }

  String callbackUrl() {
    return outside.address("https") + "/callback";
  }

  String callbackUrlOverHttp() {
    return outside.address("http") + "/callback";
  }

  private FunctionConfig function(String handler, String classPath, Map<String, String> settings) {
    Map<String, String> environment =
        LocalEnvironment.of(
            Template.read(),
            Map.of(
                "RetryQueue", outside.address("retry-queue"),
                "DeadLetterQueue", outside.address("dead-letter-queue"),
                "RateLimitTable", outside.address("table"),
                "CryptoClientBaseUrl", outside.address("https")),
            URI.create(outside.address("sqs")),
            URI.create(outside.address("dynamodb")));
    environment.putAll(settings);
    return new FunctionConfig(
        handler,
        classPath,
        task,
        log,
        environment,
        List.of(clientLibrary, "-Djavax.net.ssl.trustStore=" + outside.trusted()));
  }
}
