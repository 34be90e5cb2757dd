package dev.signrelay.local;

import java.net.URI;
import java.util.Map;

/**
 * The environment of the functions on this machine: the template's with parameters at their
 * defaults, a local upstream key, an upstream without TLS, and callbacks to private addresses.
 */
public final class LocalEnvironment {

  /** The key that the functions send to the upstream. */
  public static final String UPSTREAM_KEY = "local-key";

  /**
   * The secret with which the local run signs callbacks unless another one is set. The receivers of
   * {@code examples/} use it by default. It is public, so a signature with it proves nothing.
   */
  public static final String DEMO_CALLBACK_SECRET =
      "whsec_PublicDemoSecretOfTheLocalRunOfSignRelayDoNotUse";

  private LocalEnvironment() {}

  /**
   * The environment of functions in this process.
   *
   * @param references the values of the template's {@code Ref}s
   */
  public static Map<String, String> of(Template template, Map<String, String> references) {
    Map<String, String> environment = template.environment(references);
    environment.remove("JAVA_TOOL_OPTIONS");
    environment.put("CRYPTO_CLIENT_API_KEY", UPSTREAM_KEY);
    environment.put("CRYPTO_CLIENT_ALLOW_PLAIN_HTTP", "true");
    environment.put("CALLBACK_ALLOW_PRIVATE_ADDRESSES", "true");
    return environment;
  }

  /**
   * The environment of functions in another process, with the settings of its AWS SDK.
   *
   * @param references the values of the template's {@code Ref}s
   */
  public static Map<String, String> of(
      Template template, Map<String, String> references, URI sqs, URI dynamoDb) {
    Map<String, String> environment = of(template, references);
    environment.put("AWS_ENDPOINT_URL_SQS", sqs.toString());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.toString());
    environment.put("AWS_REGION", "us-east-1");
    environment.put("AWS_ACCESS_KEY_ID", "local");
    environment.put("AWS_SECRET_ACCESS_KEY", "local");
    environment.put("LANG", "en_US.UTF-8");
    environment.put("TZ", ":UTC");
    return environment;
  }
}
