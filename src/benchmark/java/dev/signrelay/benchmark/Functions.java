package dev.signrelay.benchmark;

import dev.signrelay.local.Template;
import java.io.IOException;
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
  private final String clientLibrary;

  /**
   * @param folder for what functions need besides
   */
  Functions(ClassPaths classPaths, OutsideProcess outside, Path folder) throws IOException {
    this.classPaths = classPaths;
    this.outside = outside;
    this.clientLibrary = ClientLibrary.unpack(folder);
  }

  /** The floor. */
  Function hello() {
    return function(HelloHandler.class.getName(), classPaths.ofHello(), Map.of());
  }

  /** One call of the upstream with the same HTTP client, and nothing else. */
  Function bareCall() {
    return function(BareCallHandler.class.getName(), classPaths.ofBoth(), Map.of());
  }

  Function sign() {
    return function(SIGN, classPaths.ofFunction(), Map.of(LIMIT, "0"));
  }

  Function signLimited() {
    return function(SIGN, classPaths.ofFunction(), Map.of());
  }

  Function retry() {
    return function(RETRY, classPaths.ofFunction(), Map.of(LIMIT, "0"));
  }

  /** RetryFunction, whose requests to SQS are counted. */
  Function retryCounted() {
    return function(
        RETRY,
        classPaths.ofFunction(),
        Map.of(LIMIT, "0", "AWS_ENDPOINT_URL_SQS", outside.address("sqs-counter")));
  }

  /** RetryFunction with an upstream over plain HTTP. */
  Function retryOverHttp() {
    return function(
        RETRY,
        classPaths.ofFunction(),
        Map.of(LIMIT, "0", "CRYPTO_CLIENT_BASE_URL", outside.address("http")));
  }

  /** A function that also tells how much it has allocated. */
  Function telling(Function function) {
    var environment = new HashMap<>(function.environment());
    environment.put(AllocationHandler.DELEGATE, function.handler());
    return new Function(
        AllocationHandler.class.getName(), classPaths.ofBoth(), environment, function.jvmOptions());
  }

  String callbackUrl() {
    return outside.address("https") + "/callback";
  }

  String callbackUrlOverHttp() {
    return outside.address("http") + "/callback";
  }

  private Function function(String handler, String classPath, Map<String, String> settings) {
    Map<String, String> environment =
        Template.read()
            .environment(
                Map.of(
                    "RetryQueue", outside.address("retry-queue"),
                    "DeadLetterQueue", outside.address("dead-letter-queue"),
                    "RateLimitTable", outside.address("table"),
                    "CryptoClientBaseUrl", outside.address("https")));
    environment.remove("JAVA_TOOL_OPTIONS"); // every function has them on its command line
    environment.putAll(
        Map.of(
            "CRYPTO_CLIENT_API_KEY", "benchmark-key",
            "CALLBACK_ALLOW_PRIVATE_ADDRESSES", "true",
            "AWS_ENDPOINT_URL_SQS", outside.address("sqs"),
            "AWS_ENDPOINT_URL_DYNAMODB", outside.address("dynamodb"),
            "AWS_REGION", "us-east-1",
            "AWS_ACCESS_KEY_ID", "local",
            "AWS_SECRET_ACCESS_KEY", "local",
            "LANG", "en_US.UTF-8",
            "TZ", ":UTC"));
    environment.putAll(settings);
    return new Function(
        handler,
        classPath,
        environment,
        List.of(clientLibrary, "-Djavax.net.ssl.trustStore=" + outside.trusted()));
  }
}
