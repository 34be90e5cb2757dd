package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.testing.FakeServices;
import java.io.IOException;
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
