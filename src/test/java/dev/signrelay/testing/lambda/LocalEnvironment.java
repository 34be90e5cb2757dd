package dev.signrelay.testing.lambda;

import dev.signrelay.local.Template;
import java.net.URI;
import java.util.Map;

/** The environment of a function whose AWS is on this machine. */
public final class LocalEnvironment {

  private LocalEnvironment() {}

  /**
   * The template's, with parameters at their defaults, but for the JVM's options: a {@link
   * FunctionProcess} has them on its command line.
   *
   * @param references what the template's {@code Ref}s are
   */
  public static Map<String, String> of(
      Template template, Map<String, String> references, URI sqs, URI dynamoDb) {
    Map<String, String> environment = template.environment(references);
    environment.remove("JAVA_TOOL_OPTIONS");
    environment.putAll(
        Map.of(
            "CRYPTO_CLIENT_API_KEY", "local-key",
            "CALLBACK_ALLOW_PRIVATE_ADDRESSES", "true",
            "AWS_ENDPOINT_URL_SQS", sqs.toString(),
            "AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.toString(),
            "AWS_REGION", "us-east-1",
            "AWS_ACCESS_KEY_ID", "local",
            "AWS_SECRET_ACCESS_KEY", "local",
            "LANG", "en_US.UTF-8",
            "TZ", ":UTC"));
    return environment;
  }
}
