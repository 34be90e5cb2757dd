package dev.signrelay.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A local SQS server (ElasticMQ) with the template's queues. */
public final class QueueServer implements AutoCloseable {

  private final SQSRestServer server;
  private final URI endpoint;
  private final SqsClient client;
  private final TemplateQueues queues;

  /**
   * @param port 0: any free port
   * @param visibilityTimeout see {@link TemplateQueues#create}
   * @throws PortInUseException if the port is already in use
   */
  public QueueServer(String bind, int port, Template template, @Nullable Duration visibilityTimeout)
      throws IOException {
    try (var probe = new ServerSocket(port, 1, InetAddress.getByName(bind))) {
      assert probe.isBound();
    } catch (IOException _) {
      throw new PortInUseException(port);
    }
    server =
        (port == 0 ? SQSRestServerBuilder.withDynamicPort() : SQSRestServerBuilder.withPort(port))
            .withInterface(bind)
            .start();
    endpoint =
        LocalServer.url(
            InetAddress.getByName(bind), server.waitUntilStarted().localAddress().getPort());
    client = client(endpoint);
    queues = TemplateQueues.create(client, template, visibilityTimeout);
  }

  /** A client of an SQS server that does not check credentials. */
  public static SqsClient client(URI endpoint) {
    return LocalAwsClient.of(SqsClient.builder(), endpoint);
  }

  public URI endpoint() {
    return endpoint;
  }

  public SqsClient client() {
    return client;
  }

  public TemplateQueues queues() {
    return queues;
  }

  public String retryQueueUrl() {
    return queues.retryQueueUrl();
  }

  public String deadLetterQueueUrl() {
    return queues.deadLetterQueueUrl();
  }

  @Override
  public void close() {
    client.close();
    server.stopAndWait();
  }
}
