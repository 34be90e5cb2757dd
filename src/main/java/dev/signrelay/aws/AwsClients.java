package dev.signrelay.aws;

import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** How to make the SDK's clients, which is done when they are first needed. */
public record AwsClients(Supplier<SqsClient> sqs, Supplier<DynamoDbClient> dynamoDb) {

  /** Region, credentials and endpoints are the SDK's own settings. */
  public static AwsClients fromEnvironment() {
    return new AwsClients(
        () -> client(SqsClient.builder()), () -> client(DynamoDbClient.builder()));
  }

  /**
   * Each call has a deadline of ours; the socket timeouts only end what is left behind. What fails
   * at once is worth trying again for as long as the caller waits.
   */
  private static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
      B builder) {
    RetryStrategy untilTheDeadline =
        AwsRetryStrategy.standardRetryStrategy().toBuilder().maxAttempts(10).build();
    return builder
        .httpClientBuilder(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(Duration.ofSeconds(1))
                .socketTimeout(Duration.ofSeconds(5)))
        .overrideConfiguration(c -> c.retryStrategy(untilTheDeadline))
        .build();
  }
}
