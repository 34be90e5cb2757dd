package dev.signrelay.aws;

import dev.signrelay.http.Network;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The AWS SDK's clients. Each is created by its primer, or else at its first use, and then kept.
 * The primer also loads the classes that its first calls need. It sends nothing.
 */
public final class AwsClients implements AutoCloseable {

  /**
   * The most connections of a client; further calls wait for one. A call that was given up occupies
   * its connection for some seconds. The connections to SQS, DynamoDB and the upstream together
   * stay below the 1,024 files that a function can have open (AWS Lambda developer guide, "Lambda
   * quotas").
   */
  public static final int MAX_CONNECTIONS = 256;

  /**
   * After a longer pause, the server may have closed the connection while Lambda froze the process.
   */
  private static final Duration MAX_IDLE = Duration.ofSeconds(5);

  private final Lazy<SqsClient> sqs;
  private final Lazy<DynamoDbClient> dynamoDb;
  private final Lazy<SecretsManagerClient> secretsManager;
  private final ClientPrimer sqsPrimer = new ClientPrimer(this::primeSqs);
  private final ClientPrimer dynamoDbPrimer = new ClientPrimer(this::primeDynamoDb);
  private final ClientPrimer secretsManagerPrimer = new ClientPrimer(this::primeSecretsManager);

  private AwsClients(
      Supplier<SqsClient> sqs,
      Supplier<DynamoDbClient> dynamoDb,
      Supplier<SecretsManagerClient> secretsManager) {
    this.sqs = new Lazy<>(sqs);
    this.dynamoDb = new Lazy<>(dynamoDb);
    this.secretsManager = new Lazy<>(secretsManager);
  }

  /**
   * Clients that take the region, the credentials and the endpoints from the environment, as the
   * SDK does. The credentials are read at the first request of any client.
   */
  public static AwsClients fromEnvironment() {
    var shared = new Lazy<>(AwsClients::credentials);
    return new AwsClients(
        () -> client(sqsBuilder().credentialsProvider(shared.get()), systemTls()),
        () -> client(DynamoDbClient.builder().credentialsProvider(shared.get()), systemTls()),
        () ->
            client(SecretsManagerClient.builder().credentialsProvider(shared.get()), systemTls()));
  }

  /**
   * The provider of the credentials. With SnapStart, Lambda provides them at an endpoint instead of
   * in variables (AWS Lambda developer guide, "Activating and managing Lambda SnapStart"). The
   * SDK's default provider would first look for them in several other places.
   */
  private static AwsCredentialsProvider credentials() {
    return SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.getStringValue().isPresent()
        ? ContainerCredentialsProvider.create()
        : DefaultCredentialsProvider.builder().build();
  }

  /** Uses given clients. The client of Secrets Manager is configured by the environment. */
  public static AwsClients of(Supplier<SqsClient> sqs, Supplier<DynamoDbClient> dynamoDb) {
    return new AwsClients(sqs, dynamoDb, () -> client(SecretsManagerClient.builder(), systemTls()));
  }

  /** Clients of a server that replaces AWS. */
  public static AwsClients of(URI server, SSLContext tls, AwsCredentialsProvider credentials) {
    return new AwsClients(
        () -> client(at(server, credentials, sqsBuilder()), tls),
        () -> client(at(server, credentials, DynamoDbClient.builder()), tls),
        () -> client(at(server, credentials, SecretsManagerClient.builder()), tls));
  }

  /**
   * SQS's client without the SDK's comparison of digests, which fails a whole batch if the answer
   * has an id that was not sent. TLS protects what is sent.
   */
  static SqsClientBuilder sqsBuilder() {
    return SqsClient.builder().checksumValidationEnabled(false);
  }

  public Supplier<SqsClient> sqs() {
    return sqs;
  }

  public Supplier<DynamoDbClient> dynamoDb() {
    return dynamoDb;
  }

  public ClientPrimer sqsPrimer() {
    return sqsPrimer;
  }

  private void primeSqs() {
    var _ = sqs.get();
    var one = MessageAttributeValue.builder().dataType("String").stringValue("1").build();
    callWithoutSending(
        sqsBuilder(),
        canned ->
            canned.sendMessage(
                m ->
                    m.queueUrl("http://localhost/queue")
                        .messageBody("{}")
                        .messageAttributes(Map.of("sent", one))
                        .delaySeconds(1)),
        "{\"MessageId\":\"primed\"}");
  }

  public ClientPrimer dynamoDbPrimer() {
    return dynamoDbPrimer;
  }

  private void primeDynamoDb() {
    var _ = dynamoDb.get();
    var key = Map.of("id", AttributeValue.fromS("none"));
    callWithoutSending(
        DynamoDbClient.builder(),
        canned -> {
          canned.getItem(g -> g.tableName("table").key(key).consistentRead(true));
          canned.updateItem(
              u ->
                  u.tableName("table")
                      .key(key)
                      .updateExpression("ADD granted :one")
                      .conditionExpression("granted >= :one")
                      .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))));
        },
        """
        {"Item":{"granted":{"N":"1"}},"Attributes":{"granted":{"N":"1"}}}""");
  }

  public Supplier<SecretsManagerClient> secretsManager() {
    return secretsManager;
  }

  public ClientPrimer secretsManagerPrimer() {
    return secretsManagerPrimer;
  }

  private void primeSecretsManager() {
    var _ = secretsManager.get();
    callWithoutSending(
        SecretsManagerClient.builder(),
        canned -> canned.getSecretValue(g -> g.secretId("none")),
        "{\"SecretString\":\"primed\"}");
  }

  /** Calls a client with a canned response, which runs the whole SDK except its transport. */
  private static <
          B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C extends SdkAutoCloseable>
      void callWithoutSending(B builder, Consumer<C> call, String json) {
    var any = StaticCredentialsProvider.create(AwsBasicCredentials.create("none", "none"));
    try (C client =
        at(URI.create("http://localhost"), any, builder)
            .httpClient(new CannedResponse(json))
            .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)))
            .build()) {
      call.accept(client);
    } catch (SdkException _) {
      // The SDK may reject the response, but its classes are loaded by then.
    }
  }

  private static <B extends AwsClientBuilder<B, C>, C> B at(
      URI server, AwsCredentialsProvider credentials, B builder) {
    return builder
        .endpointOverride(server)
        .region(Region.US_EAST_1)
        .credentialsProvider(credentials);
  }

  /** Closes the clients that were created, and all their connections. */
  @Override
  public void close() {
    sqs.ifCreated(SqsClient::close);
    dynamoDb.ifCreated(DynamoDbClient::close);
    secretsManager.ifCreated(SecretsManagerClient::close);
  }

  /** As for the upstream: the trust store indexes its issuers once for all clients. */
  private static SSLContext systemTls() {
    return Network.ofSystem().tls();
  }

  private static SdkHttpClient.Builder<?> transport(SSLContext tls) {
    return Apache5HttpClient.builder()
        .tlsSocketStrategy(new DefaultClientTlsStrategy(tls))
        .maxConnections(MAX_CONNECTIONS)
        .connectionTimeout(Duration.ofSeconds(1))
        .socketTimeout(Duration.ofSeconds(5))
        .connectionMaxIdleTime(MAX_IDLE)
        // Idle connections are closed at the next call, without a thread that wakes each minute.
        .useIdleConnectionReaper(false);
  }

  /**
   * The caller's timeout covers all retries of the SDK. The socket timeouts end attempts, and calls
   * for which the caller no longer waits.
   */
  private static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
      B builder, SSLContext tls) {
    RetryStrategy untilTheDeadline =
        AwsRetryStrategy.standardRetryStrategy().toBuilder().maxAttempts(10).build();
    return builder
        .httpClientBuilder(transport(tls))
        .overrideConfiguration(c -> c.retryStrategy(untilTheDeadline))
        .build();
  }
}
