package dev.signrelay.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReceivedMessageTest {

  private static final long SENT = 1_795_435_200_000L;

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
      long millisLater, boolean redriven) {
    String enqueued = Long.toString(SENT + millisLater);

    assertThat(received(Long.toString(SENT), enqueued).redriven()).isEqualTo(redriven);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "soon", "0", "-1", "1e3", "9223372036854775808"})
  void aMessageWithoutOneOfTheTimesIsNotRedriven(@Nullable String time) {
    ReceivedMessage enqueued = received(time, Long.toString(SENT));
    assertThat(enqueued.redriven()).isFalse();
    assertThat(enqueued.enqueuedAt()).isEqualTo(Instant.ofEpochMilli(SENT));
    ReceivedMessage sent = received(Long.toString(SENT), time);
    assertThat(sent.redriven()).isFalse();
    assertThat(sent.enqueuedAt()).isNull();
  }

  private static ReceivedMessage received(@Nullable String sentAt, @Nullable String enqueued) {
    var attribute = new MessageAttribute();
    attribute.setStringValue(sentAt);
    var message = new SQSMessage();
    message.setMessageAttributes(Map.of(ReceivedMessage.SENT_AT, attribute));
    message.setAttributes(enqueued == null ? Map.of() : Map.of("SentTimestamp", enqueued));
    return ReceivedMessage.of(message);
  }
}
