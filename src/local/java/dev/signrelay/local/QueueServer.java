package dev.signrelay.local;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.apache.pekko.actor.ActorSystem;
import org.elasticmq.NodeAddress;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * A local SQS server (ElasticMQ) with the template's queues. ElasticMQ listens on a free loopback
 * port behind a {@link QueueFront}, and accepts no more headers than that passes on. Browsers
 * always send more, so a page that finds the port is answered with 400.
 */
public final class QueueServer implements AutoCloseable {

  /** Pekko counts the empty line after the headers, too. */
  private static final Map<String, Integer> LIMITS =
      Map.of("pekko.http.server.parsing.max-header-count", QueueFront.HEADERS.size() + 1);

  private final QueueFront front;
  private final ActorSystem actors;
  private final SQSRestServer server;
  private final URI endpoint;
  private final SqsClient client;
  private final TemplateQueues queues;

  /**
   * @param port 0: any free port
   * @param visibilityTimeout see {@link TemplateQueues#create}
   * @throws IOException if the port is already in use
   */
  public QueueServer(String bind, int port, Template template, @Nullable Duration visibilityTimeout)
      throws IOException {
    front = new QueueFront(bind, port);
    endpoint = front.url();
    actors =
        ActorSystem.create(
            "elasticmq", ConfigFactory.parseMap(LIMITS).withFallback(ConfigFactory.load()));
    server =
        SQSRestServerBuilder.withActorSystem(actors)
            .withInterface(InetAddress.getLoopbackAddress().getHostAddress())
            .withDynamicPort()
            .withServerAddress(new NodeAddress("http", endpoint.getHost(), endpoint.getPort(), ""))
            .start();
    front.start(hiddenAddress());
    client = client(endpoint);
    queues = TemplateQueues.create(client, template, visibilityTimeout);
  }

  /** A client of an SQS server that does not check credentials. */
  public static SqsClient client(URI endpoint) {
    return LocalAwsClient.of(SqsClient.builder().checksumValidationEnabled(false), endpoint);
  }

  public URI endpoint() {
    return endpoint;
  }

  /** Where ElasticMQ listens, behind the front. */
  InetSocketAddress hiddenAddress() {
    return server.waitUntilStarted().localAddress();
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
    front.close();
    server.stopAndWait();
    actors.terminate();
  }
}
