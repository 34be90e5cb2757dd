package dev.signrelay.ops;

import dev.signrelay.limit.UpstreamPause.NoScheduleException;
import dev.signrelay.secret.SecretUnavailableException;
import java.net.ConnectException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Describes why a command failed, in one to three lines. */
final class Failures {

  private static final int MAX_LENGTH = 300;

  private Failures() {}

  static String describe(Throwable failure) {
    return firstDescription(failure)
        .orElseGet(() -> shortened(failure.getClass().getSimpleName(), failure.getMessage()));
  }

  /** Of the exception or of what caused it. */
  private static Optional<String> firstDescription(Throwable failure) {
    boolean refused = causes(failure).anyMatch(ConnectException.class::isInstance);
    return causes(failure)
        .<@Nullable String>map(
            e ->
                switch (e) {
                  case OpsException known -> known.getMessage();
                  case NoScheduleException _ ->
                      """
                      The rate limiter's table has no schedule yet. DispatchFunction makes it within a minute.
                      If the limit is 0 there will be none: give the deployment a limit, up to 100,000.""";
                  case SecretUnavailableException known -> known.getMessage();
                  case AwsServiceException aws when aws.awsErrorDetails() != null ->
                      shortened(
                          aws.awsErrorDetails().errorCode(), aws.awsErrorDetails().errorMessage());
                  case SdkException _ when refused ->
                      """
                      The local run does not listen on its SQS or DynamoDB port. Is it started?
                      The ports are those of the last ./local; for another, give --sqs-port and --dynamodb-port.""";
                  case SdkException other
                      when String.valueOf(other.getMessage()).contains("region") ->
                      "The AWS SDK knows no region: set AWS_REGION, or give --region";
                  case SdkException other
                      when String.valueOf(other.getMessage()).contains("credentials") ->
                      "The AWS SDK found no credentials: set AWS_PROFILE, or sign in";
                  case SdkException other -> shortened("AWS SDK", other.getMessage());
                  default -> null;
                })
        .filter(Objects::nonNull)
        .findFirst();
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }

  private static String shortened(String what, String message) {
    String line = (what + ": " + message).replaceAll("\\s+", " ");
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "...";
  }
}
