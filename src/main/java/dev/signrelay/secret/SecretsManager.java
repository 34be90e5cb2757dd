package dev.signrelay.secret;

import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * AWS Secrets Manager. Reads the version with the stage {@code AWSCURRENT}, as text.
 *
 * @param client called for each read
 */
public record SecretsManager(Supplier<SecretsManagerClient> client) implements SecretStore {

  @Override
  public String read(String arn) {
    String text;
    try {
      text = client.get().getSecretValue(g -> g.secretId(arn)).secretString();
    } catch (AwsServiceException e) {
      throw new SecretUnavailableException("Secrets Manager answered " + code(e), e);
    } catch (SdkException e) {
      throw new SecretUnavailableException("Secrets Manager failed the request", e);
    }
    if (text == null) {
      throw new SecretUnavailableException("the secret is not a text", null);
    }
    return text;
  }

  /** Such as {@code AccessDeniedException}, which has no class of its own. */
  private static String code(AwsServiceException e) {
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    return code == null ? "status " + e.statusCode() : code;
  }
}
