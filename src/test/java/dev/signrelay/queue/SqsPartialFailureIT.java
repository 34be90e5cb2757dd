package dev.signrelay.queue;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.matching.RequestPatternBuilder;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.time.SystemTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/** SQS may store some messages of a request and refuse others. */
final class SqsPartialFailureIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Job JOB =
      new NeedsSignature(
          new Acceptance("id", URI.create("https://receiver.example"), Instant.EPOCH),
          "hello",
          2,
          null);

  @RegisterExtension final WireMockExtension sqs = WireMockExtension.newInstance().build();

  @Test
  void aRefusedJobIsSentAgainAlone() {
    refuse(1);
    respond("SendMessage", okJson("{\"MessageId\":\"m\"}"));

    assertThat(send(2, TIMEOUT)).hasSize(2).allMatch(Optional::isEmpty);

    sqs.verify(1, sendsOfOne());
  }

  @Test
  void aJobThatIsRefusedAgainIsNotStoredButTheOtherIs() {
    refuse(1);
    respond("SendMessage", serverError());

    assertThat(send(2, TIMEOUT)).extracting(Optional::isEmpty).containsExactly(true, false);
  }

  @Test
  void refusedJobsShareTheTimeoutOfTheBatch() {
    refuse(9);
    respond("SendMessage", okJson("{}").withFixedDelay(60_000));
    Instant start = Instant.now();

    assertThat(send(10, Duration.ofSeconds(2)))
        .extracting(Optional::isEmpty)
        .containsExactly(true, false, false, false, false, false, false, false, false, false);

    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
  }

  /** Stores the first job of a batch and refuses so many others. */
  private void refuse(int count) {
    String failed =
        IntStream.rangeClosed(1, count)
            .mapToObj("{\"Id\":\"%d\",\"SenderFault\":false,\"Code\":\"InternalError\"}"::formatted)
            .collect(joining(","));
    respond(
        "SendMessageBatch",
        okJson(
            "{\"Successful\":[{\"Id\":\"0\",\"MessageId\":\"m\"}],\"Failed\":[%s]}"
                .formatted(failed)));
  }

  private List<Optional<QueueUnavailableException>> send(int count, Duration timeout) {
    URI server = URI.create(sqs.baseUrl());
    try (SqsClient client = client(server)) {
      return new SqsJobQueues(() -> client, _ -> server + "/q", server + "/d", new SystemTime())
          .sendAll(Collections.nCopies(count, new Requeue(JOB, Duration.ZERO)), timeout);
    }
  }

  /** This server knows no digests of the messages. */
  private static SqsClient client(URI server) {
    return SqsClient.builder()
        .endpointOverride(server)
        .region(Region.US_EAST_1)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .httpClient(UrlConnectionHttpClient.create())
        .checksumValidationEnabled(false)
        .build();
  }

  private static RequestPatternBuilder sendsOfOne() {
    return postRequestedFor(anyUrl()).withHeader("X-Amz-Target", equalTo("AmazonSQS.SendMessage"));
  }

  private void respond(String operation, ResponseDefinitionBuilder response) {
    sqs.stubFor(
        post(anyUrl())
            .withHeader("X-Amz-Target", equalTo("AmazonSQS." + operation))
            .willReturn(response));
  }
}
