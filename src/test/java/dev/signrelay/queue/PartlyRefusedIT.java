package dev.signrelay.queue;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.local.QueueServer;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.time.SystemTime;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SQS may take some messages of a request and refuse others. */
final class PartlyRefusedIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Job JOB =
      new NeedsSignature(
          new Acceptance("id", URI.create("https://receiver.example"), Instant.EPOCH),
          "hello",
          2,
          null);

  @RegisterExtension final WireMockExtension sqs = WireMockExtension.newInstance().build();

  @BeforeEach
  void theSecondOfTwoIsRefused() throws NoSuchAlgorithmException {
    answer(
        "SendMessageBatch",
        okJson(
            """
            {"Successful":[{"Id":"0","MessageId":"m","MD5OfMessageBody":"%s"}],
             "Failed":[{"Id":"1","SenderFault":false,"Code":"InternalError"}]}"""
                .formatted(digest())));
  }

  @Test
  void aJobThatWasRefusedIsSentAlone() throws NoSuchAlgorithmException {
    answer(
        "SendMessage",
        okJson("{\"MessageId\":\"m\",\"MD5OfMessageBody\":\"%s\"}".formatted(digest())));

    assertThat(sendTwo()).hasSize(2).allMatch(Optional::isEmpty);

    sqs.verify(
        1, postRequestedFor(anyUrl()).withHeader("X-Amz-Target", equalTo("AmazonSQS.SendMessage")));
  }

  @Test
  void aJobThatIsRefusedAloneTooIsNotInTheQueueButTheOtherIs() {
    answer("SendMessage", serverError());

    assertThat(sendTwo()).extracting(Optional::isEmpty).containsExactly(true, false);
  }

  private List<Optional<RetryQueue.QueueUnavailableException>> sendTwo() {
    URI server = URI.create(sqs.baseUrl());
    var queue =
        new SqsRetryQueue(
            () -> QueueServer.client(server), server + "/q", server + "/d", new SystemTime());
    return queue.sendAll(Collections.nCopies(2, new Requeue(JOB, Duration.ZERO)), TIMEOUT);
  }

  private void answer(String operation, ResponseDefinitionBuilder answer) {
    sqs.stubFor(
        post(anyUrl())
            .withHeader("X-Amz-Target", equalTo("AmazonSQS." + operation))
            .willReturn(answer));
  }

  private static String digest() throws NoSuchAlgorithmException {
    byte[] body = JobCodec.encode(JOB).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body));
  }
}
