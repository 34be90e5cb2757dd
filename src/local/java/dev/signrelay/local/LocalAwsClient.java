package dev.signrelay.local;

import dev.signrelay.aws.AwsClients;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;

/** Creates clients of local AWS-compatible servers that do not check credentials. */
public final class LocalAwsClient {

  private LocalAwsClient() {}

  public static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C of(
      B builder, URI endpoint) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClientBuilder(Apache5HttpClient.builder().maxConnections(AwsClients.MAX_CONNECTIONS))
        .build();
  }
}
