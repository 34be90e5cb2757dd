package dev.signrelay.testing.lambda;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.proxyAllTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.signrelay.job.Job;
import dev.signrelay.local.LocalEnvironment;
import dev.signrelay.local.QueueServer;
import dev.signrelay.local.Template;
import dev.signrelay.ops.QueueCounts;
import dev.signrelay.queue.JobCodec;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The upstream, the receiver, SQS and DynamoDB of functions under test. All requests are recorded.
 * The upstream signs every message, and the receiver accepts callbacks to {@code /inbox}. SQS is
 * ElasticMQ behind a recording proxy. DynamoDB fails: it answers every request with 404.
 */
public final class RecordingBackends implements AutoCloseable {

  private static final String BIND = "127.0.0.1";

  private final Template template = Template.read();
  private final QueueServer queues = new QueueServer(BIND, 0, template, Duration.ofMinutes(2));
  private final WireMockServer upstream = server();
  private final WireMockServer receiver = server();
  private final WireMockServer sqs = server();
  private final WireMockServer dynamoDb = server();

  public RecordingBackends() throws IOException {
    sqs.stubFor(proxyAllTo(queues.endpoint().toString()));
    answerWell();
  }

  private void answerWell() {
    upstream.stubFor(get(urlPathEqualTo("/crypto/sign")).willReturn(ok("signature")));
    receiver.stubFor(post("/inbox").willReturn(ok()));
  }

  private static WireMockServer server() {
    var server = new WireMockServer(options().bindAddress(BIND).dynamicPort());
    server.start();
    return server;
  }

  public WireMockServer upstream() {
    return upstream;
  }

  public WireMockServer receiver() {
    return receiver;
  }

  /** The number of jobs in all queues, including delayed ones. */
  public int queuedJobs() {
    return queues.queues().jobs(queues.client());
  }

  /** The number of jobs in line. */
  public int jobsInLine() {
    return QueueCounts.of(queues.client(), queues.queues().lineQueueUrl()).total();
  }

  /** Lets a job join the line. */
  public void joinLine(Job job) {
    queues
        .client()
        .sendMessage(
            m -> m.queueUrl(queues.queues().lineQueueUrl()).messageBody(JobCodec.encode(job)));
  }

  /** The environment of functions that use these backends. */
  public Map<String, String> environment() {
    var references = new HashMap<>(queues.queues().references());
    references.put("RateLimitTable", "RateLimitTable");
    references.put("JobTable", "JobTable");
    references.put("CryptoClientBaseUrl", upstream.baseUrl());
    return LocalEnvironment.of(
        template, references, URI.create(sqs.baseUrl()), URI.create(dynamoDb.baseUrl()));
  }

  /** The requests to all backends. */
  public List<LoggedRequest> requests() {
    return servers()
        .flatMap(server -> server.getAllServeEvents().stream())
        .map(ServeEvent::getRequest)
        .toList();
  }

  /** Deletes the recorded requests and the messages in all queues. All requests succeed again. */
  public void reset() {
    servers().forEach(WireMockServer::resetRequests);
    answerWell();
    queues
        .queues()
        .urls()
        .values()
        .forEach(url -> queues.client().purgeQueue(q -> q.queueUrl(url)));
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
