package dev.signrelay.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.event.SqsBatch.Message;
import dev.signrelay.json.Json.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SqsBatchTest {

  @Test
  void theMessagesAreReadInTheirOrder() throws IOException, MalformedJsonException {
    assertThat(
            read(
                """
                {"Records": [{"messageId": "a", "body": "one"}, {"messageId": "b", "body": ""}]}"""))
        .isEqualTo(
            new SqsBatch(List.of(new Message("a", "one", false), new Message("b", "", false))));
  }

  /** A redrive enqueues a message again, and keeps the time at which the job was sent. */
  @ParameterizedTest
  @CsvSource({
    "0, false",
    "-5000, false", // two clocks differ
    "60000, false",
    "60001, true",
    "1209600000, true",
  })
  void aMessageWasRedrivenIfItWasEnqueuedMoreThanAMinuteAfterItWasSent(
      long millisLater, boolean redriven) throws IOException, MalformedJsonException {
    long sent = 1_795_435_200_000L;

    assertThat(redriven(attributes(sent + millisLater), sentAt(sent))).isEqualTo(redriven);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"messageAttributes\": {}", "\"messageAttributes\": null"})
  void aMessageWithoutTheTimeAtWhichItWasSentIsNotRedriven(String absent)
      throws IOException, MalformedJsonException {
    assertThat(redriven(attributes(1_795_435_200_000L), absent)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\"soon\"", "\"0\"", "\"-1\"", "null", "[]", "{}"})
  void aTimeThatIsNoTimeIsNotThatOfARedrivenMessage(String sentAt)
      throws IOException, MalformedJsonException {
    assertThat(
            redriven(
                attributes(1_795_435_200_000L),
                "\"messageAttributes\": {\"sentAt\": {\"stringValue\": %s}}".formatted(sentAt)))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"attributes\": {}", "\"attributes\": {\"SentTimestamp\": \"soon\"}"})
  void withoutTheTimeOfTheQueueAMessageIsNotRedriven(String attributes)
      throws IOException, MalformedJsonException {
    assertThat(redriven(attributes, sentAt(1_795_435_200_000L))).isFalse();
  }

  @Test
  void theReportHasTheIdsOfTheFailedMessages() throws IOException {
    var report = new ByteArrayOutputStream();
    SqsBatch.report(List.of("a", "b"), report);

    assertThat(report.toString(UTF_8))
        .isEqualTo(
            "{\"batchItemFailures\":[{\"itemIdentifier\":\"a\"},{\"itemIdentifier\":\"b\"}]}");
  }

  @Test
  void theTextOfAMessageOmitsItsBody() {
    assertThat(new Message("a", "SECRET", true)).hasToString("Message[id=a]");
  }

  private static boolean redriven(String... members) throws IOException, MalformedJsonException {
    var message = new StringBuilder("{\"messageId\": \"a\", \"body\": \"one\"");
    for (String member : members) {
      message.append(member.isEmpty() ? "" : ", ").append(member);
    }
    return read("{\"Records\": [" + message + "}]}").messages().getFirst().redriven();
  }

  private static String attributes(long enqueued) {
    return "\"attributes\": {\"SentTimestamp\": \"%d\"}".formatted(enqueued);
  }

  private static String sentAt(long millis) {
    return """
    "messageAttributes": {"sentAt": {"dataType": "Number", "stringValue": "%d"}}"""
        .formatted(millis);
  }

  private static SqsBatch read(String event) throws IOException, MalformedJsonException {
    return SqsBatch.read(new ByteArrayInputStream(event.getBytes(UTF_8)));
  }
}
