package dev.signrelay.testing.lambda;

import static com.github.tomakehurst.wiremock.client.WireMock.proxyAllTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.signrelay.local.QueueServer;
import dev.signrelay.local.Template;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All that functions talk to; each call is recorded. SQS is ElasticMQ behind a proxy, and DynamoDB
 * is out of order.
 */
public final class OutsideWorld implements AutoCloseable {

  private static final String BIND = "127.0.0.1";

  private final Template template = Template.read();
  private final QueueServer queues = new QueueServer(BIND, 0, template, Duration.ofMinutes(3));
  private final WireMockServer upstream = server();
  private final WireMockServer receiver = server();
  private final WireMockServer sqs = server();
  private final WireMockServer dynamoDb = server();

  public OutsideWorld() throws IOException {
    sqs.stubFor(proxyAllTo(queues.endpoint().toString()));
  }

  private static WireMockServer server() {
    var server = new WireMockServer(options().bindAddress(BIND).dynamicPort());
    server.start();
    return server;
  }

  public Template template() {
    return template;
  }

  public WireMockServer upstream() {
    return upstream;
  }

  public WireMockServer receiver() {
    return receiver;
  }

  /** How many the retry queue has, delayed ones too. */
  public int queuedJobs() {
    return queues.counts(queues.retryQueueUrl()).values().stream()
        .mapToInt(Integer::intValue)
        .sum();
  }

  /** The template's settings, for functions of this world. */
  public Map<String, String> environment() {
    return LocalEnvironment.of(
        template,
        Map.of(
            "RetryQueue", queues.retryQueueUrl(),
            "DeadLetterQueue", queues.deadLetterQueueUrl(),
            "RateLimitTable", "RateLimitTable",
            "CryptoClientBaseUrl", upstream.baseUrl()),
        URI.create(sqs.baseUrl()),
        URI.create(dynamoDb.baseUrl()));
  }

  /** All requests that any part of it got. */
  public List<LoggedRequest> calls() {
    return servers()
        .flatMap(server -> server.getAllServeEvents().stream())
        .map(ServeEvent::getRequest)
        .toList();
  }

  /** Forgets all calls, and the jobs in the retry queue. */
  public void forget() {
    servers().forEach(WireMockServer::resetRequests);
    queues.client().purgeQueue(q -> q.queueUrl(queues.retryQueueUrl()));
  }

  private Stream<WireMockServer> servers() {
    return Stream.of(upstream, receiver, sqs, dynamoDb);
  }

  @Override
  public void close() {
    servers().forEach(WireMockServer::stop);
    queues.close();
  }
}
