package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.local.LocalContext;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.DeadMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract with Lambda's SQS event source. {@code RetryWorkflowTest} tests the steps. */
final class RetryHandlerTest {

  private final FakeServices fakes = new FakeServices();

  @Test
  void theReportNamesTheMessagesThatFailed() {
    fakes.queueIsDown = true;

    assertThat(
            handle(
                """
                {"Records": [{"messageId": "a", "body": "no job"},
                             {"messageId": "b", "body": "{}"}]}"""))
        .hasToString(
            """
            {"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"}]}""");
  }

  /** So that the check of a deployment finds it. */
  @Test
  void anEmptyBatchFailsIfASecretCannotBeRead() {
    fakes.upstreamKeyIsKnown = false;

    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> handle("{\"Records\": []}"));
  }

  @Test
  void anEventWithoutMembersIsAnEmptyBatch() {
    assertThat(handle("{}")).hasToString("{\"batchItemFailures\":[]}");
  }

  @Test
  void aMessageWithoutMembersIsNotAJob() {
    var event = new SQSEvent();
    event.setRecords(List.of(new SQSMessage()));

    assertThat(handle(event)).isEmpty();
    assertThat(fakes.deadMessages).containsExactly(new DeadMessage("", "it is not a JSON object"));
    assertThat(fakes.log).extracting(LogEvent::name).containsExactly("malformed queue message");

    fakes.queueIsDown = true;
    assertThat(handle(event)).containsExactly(new BatchItemFailure());
  }

  /** Lambda then starts another process, and SQS delivers the batch again. */
  @Test
  void aProcessWhoseClockTheLimiterRefusesEndsAtItsNextInvocation() {
    handle("{\"Records\": []}");
    assertThat(fakes.restarts).hasValue(0);

    fakes.limiter.refusesClock = true;
    handle("{\"Records\": []}");

    assertThat(fakes.restarts).hasValue(1);
    assertThat(fakes.log).containsExactly(FailureEvents.wrongClock());
  }

  @Test
  void anEventThatIsNotJsonFailsTheWholeBatch() {
    assertThatThrownBy(() -> handle("no JSON"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the event is not JSON");
  }

  private List<BatchItemFailure> handle(SQSEvent event) {
    return new RetryHandler(fakes.services())
        .handleRequest(event, LocalContext.of("RetryFunction", Duration.ofSeconds(30), fakes.time))
        .getBatchItemFailures();
  }

  private JsonNode handle(String event) {
    return new LambdaFunction(
            "RetryFunction", new RetryHandler(fakes.services()), Duration.ofSeconds(30))
        .invoke(event);
  }
}
