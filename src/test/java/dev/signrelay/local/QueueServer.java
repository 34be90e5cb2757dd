package dev.signrelay.local;

import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.MESSAGE_RETENTION_PERIOD;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.QUEUE_ARN;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.REDRIVE_POLICY;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.VISIBILITY_TIMEOUT;

import dev.signrelay.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** ElasticMQ, an SQS server, with the template's two queues. */
public final class QueueServer implements AutoCloseable {

  private final SQSRestServer server;
  private final URI endpoint;
  private final SqsClient client;
  private final String retryQueueUrl;
  private final String deadLetterQueueUrl;

  /**
   * @param port 0: any free one
   * @param visibilityTimeout of the retry queue; whole seconds
   * @throws PortTakenException if something else has the port
   */
  QueueServer(String bind, int port, Template template, Duration visibilityTimeout)
      throws IOException {
    try (var probe = new ServerSocket(port, 1, InetAddress.getByName(bind))) {
      assert probe.isBound();
    } catch (IOException _) {
      throw new PortTakenException(port);
    }
    server =
        (port == 0 ? SQSRestServerBuilder.withDynamicPort() : SQSRestServerBuilder.withPort(port))
            .withInterface(bind)
            .start();
    endpoint = URI.create("http://localhost:" + server.waitUntilStarted().localAddress().getPort());
    client = client(endpoint);
    Map<String, Object> retryQueue = template.properties("RetryQueue");
    deadLetterQueueUrl = create("DeadLetterQueue", Map.of(MESSAGE_RETENTION_PERIOD, "1209600"));
    String redrivePolicy =
        Json.write(
            Json.object()
                .put("deadLetterTargetArn", arn(deadLetterQueueUrl))
                .put("maxReceiveCount", maxReceiveCount(retryQueue)));
    retryQueueUrl =
        create(
            "RetryQueue",
            Map.of(
                VISIBILITY_TIMEOUT,
                Long.toString(visibilityTimeout.toSeconds()),
                REDRIVE_POLICY,
                redrivePolicy));
  }

  private static int maxReceiveCount(Map<String, Object> queue) {
    return (Integer) Template.map(queue.get("RedrivePolicy")).get("maxReceiveCount");
  }

  /** A client of any SQS server that does not check credentials. */
  public static SqsClient client(URI endpoint) {
    return SqsClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  private String create(String name, Map<QueueAttributeName, String> attributes) {
    return client.createQueue(q -> q.queueName(name).attributes(attributes)).queueUrl();
  }

  private String arn(String queueUrl) {
    return client
        .getQueueAttributes(q -> q.queueUrl(queueUrl).attributeNames(QUEUE_ARN))
        .attributes()
        .get(QUEUE_ARN);
  }

  URI endpoint() {
    return endpoint;
  }

  public SqsClient client() {
    return client;
  }

  public String retryQueueUrl() {
    return retryQueueUrl;
  }

  public String deadLetterQueueUrl() {
    return deadLetterQueueUrl;
  }

  @Override
  public void close() {
    client.close();
    server.stopAndWait();
  }
}
