package dev.signrelay.ops;

import static java.util.stream.Collectors.toMap;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Creates clients of AWS, with the SDK's own settings, or of the local run.
 *
 * @param region null: the SDK's
 * @param sqs endpoint; null: AWS's
 * @param dynamoDb endpoint; null: AWS's
 */
record Clients(@Nullable String region, @Nullable URI sqs, @Nullable URI dynamoDb) {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  SqsClient sqsClient() {
    return client(SqsClient.builder(), sqs);
  }

  DynamoDbClient dynamoDbClient() {
    return client(DynamoDbClient.builder(), dynamoDb);
  }

  SecretsManagerClient secretsManagerClient() {
    return client(SecretsManagerClient.builder(), null);
  }

  /** Asks CloudFormation for the names of a stack. */
  Deployment describe(String name) {
    try (CloudFormationClient client = client(CloudFormationClient.builder(), null)) {
      Stack stack = client.describeStacks(d -> d.stackName(name)).stacks().getFirst();
      return Deployment.ofStack(
          name,
          stack.outputs().stream().collect(toMap(Output::outputKey, Output::outputValue)),
          stack.parameters().stream()
              .collect(toMap(Parameter::parameterKey, Parameter::parameterValue)));
    }
  }

  private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
      B builder, @Nullable URI endpoint) {
    builder
        .httpClientBuilder(Apache5HttpClient.builder())
        .overrideConfiguration(c -> c.apiCallTimeout(TIMEOUT));
    if (endpoint != null) {
      builder
          .endpointOverride(endpoint)
          .region(Region.US_EAST_1)
          .credentialsProvider(
              StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
    } else if (region != null) {
      builder.region(Region.of(region));
    }
    return builder.build();
  }
}
