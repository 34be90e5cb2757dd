package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.JobQueue;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Sent;
import dev.signrelay.testing.HostileText;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The contract with Lambda's SQS event source. {@code JobBatchTest} tests the steps. */
final class RetryHandlerTest {

  private final FakeServices fakes = new FakeServices();

  @Test
  void theReportNamesTheMessagesThatFailed() {
    assertThat(
            handle(
                """
                {"Records": [{"messageId": "a", "body": "no job"},
                             {"messageId": "b", "body": "{}"}]}"""))
        .hasToString(
            """
            {"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"}]}""");
  }

  @Test
  void theReportOfABatchWithoutFailuresIsEmpty() {
    assertThat(handle("{\"Records\": []}")).hasToString("{\"batchItemFailures\":[]}");
  }

  @Test
  void aRedrivenMessageIsHandledWithoutItsAttempts() {
    var job =
        new NeedsCallback(
            new Acceptance("id-1", URI.create("https://receiver.example/"), FakeServices.START),
            "signature",
            10,
            null);
    fakes.receiver = _ -> FakeServices.undelivered("http-503", null);

    handle(
        """
        {"Records": [{"messageId": "a", "body": %s, "attributes": {"SentTimestamp": "1795435260001"},
          "messageAttributes": {"sentAt": {"stringValue": "1795435200000"}}}]}"""
            .formatted(HostileText.quoted(JobCodec.encode(job))));

    assertThat(fakes.sent)
        .extracting(sent -> sent.job().attempt(), Sent::queue)
        .containsExactly(tuple(2, JobQueue.CALLBACK));
    assertThat(fakes.dead).isEmpty();
  }

  @Test
  void anEventThatIsNotJsonFailsTheWholeBatch() {
    assertThatThrownBy(() -> handle("no JSON"))
        .hasCauseInstanceOf(IOException.class)
        .cause()
        .hasMessage("the event is not JSON");
  }

  private JsonNode handle(String event) {
    return new LambdaFunction(
            "RetryFunction", new RetryHandler(fakes.services()), Duration.ofSeconds(30))
        .invoke(event);
  }
}
