package dev.signrelay.secret;

import dev.signrelay.aws.DeadlineCall;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** AWS Secrets Manager. */
public final class SecretsManager {

  private final DeadlineCall<SecretsManagerClient> calls;

  public SecretsManager(Supplier<SecretsManagerClient> client, TimeSource time) {
    this.calls = new DeadlineCall<>(client, time, "Secrets Manager", SecretsManager::unavailable);
  }

  /**
   * Reads the version of a secret with the stage {@code AWSCURRENT}, as text.
   *
   * @throws SecretUnavailableException if Secrets Manager does not answer within the limit or
   *     answers with an error, or if the secret is not a text
   */
  public String read(String arn, Duration limit) {
    String text =
        calls.within(limit, client -> client.getSecretValue(g -> g.secretId(arn)).secretString());
    if (text == null) {
      throw new SecretUnavailableException("the secret is not a text", null);
    }
    return text;
  }

  private static SecretUnavailableException unavailable(String message, Throwable e) {
    Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
    return new SecretUnavailableException(
        cause instanceof AwsServiceException refusal
            ? "Secrets Manager answered " + code(refusal)
            : message,
        cause);
  }

  /** The error code, such as {@code AccessDeniedException}: the SDK has no class for it. */
  private static String code(AwsServiceException e) {
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    return code == null ? "status " + e.statusCode() : code;
  }
}
