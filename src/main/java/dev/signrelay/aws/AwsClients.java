package dev.signrelay.aws;

import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** How to make the SDK's clients, which is done when they are first needed. */
public record AwsClients(Supplier<SqsClient> sqs, Supplier<DynamoDbClient> dynamoDb) {

  /** Region, credentials and endpoints are the SDK's own settings. */
  public static AwsClients fromEnvironment() {
    return new AwsClients(
        () -> client(SqsClient.builder(), transport()),
        () -> client(DynamoDbClient.builder(), transport()));
  }

  /** Clients of a server that stands in for AWS, and takes any credentials. */
  public static AwsClients of(URI server, TrustManager[] trust) {
    return new AwsClients(
        () -> client(at(server, SqsClient.builder()), trusting(trust)),
        () -> client(at(server, DynamoDbClient.builder()), trusting(trust)));
  }

  private static <B extends AwsClientBuilder<B, C>, C> B at(URI server, B builder) {
    return builder
        .endpointOverride(server)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("none", "none")));
  }

  private static UrlConnectionHttpClient.Builder transport() {
    return UrlConnectionHttpClient.builder()
        .connectionTimeout(Duration.ofSeconds(1))
        .socketTimeout(Duration.ofSeconds(5));
  }

  private static UrlConnectionHttpClient.Builder trusting(TrustManager[] trust) {
    return transport().tlsTrustManagersProvider(() -> trust);
  }

  /**
   * Each call has a deadline of ours; the socket timeouts only end what is left behind. What fails
   * at once is worth trying again for as long as the caller waits.
   */
  private static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
      B builder, UrlConnectionHttpClient.Builder transport) {
    RetryStrategy untilTheDeadline =
        AwsRetryStrategy.standardRetryStrategy().toBuilder().maxAttempts(10).build();
    return builder
        .httpClientBuilder(transport)
        .overrideConfiguration(c -> c.retryStrategy(untilTheDeadline))
        .build();
  }
}
