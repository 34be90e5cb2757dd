package dev.signrelay.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedriveTest {

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

    assertThat(Redrive.isRedriven(message(Long.toString(SENT), enqueued))).isEqualTo(redriven);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "soon", "0", "-1", "1e3", "9223372036854775808"})
  void aTimeThatIsNoTimeIsNotThatOfARedrivenMessage(@Nullable String sentAt) {
    assertThat(Redrive.isRedriven(message(sentAt, Long.toString(SENT)))).isFalse();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "soon"})
  void withoutTheTimeOfTheQueueAMessageIsNotRedriven(@Nullable String enqueued) {
    assertThat(Redrive.isRedriven(message(Long.toString(SENT), enqueued))).isFalse();
  }

  @Test
  void aMessageWithoutAttributesIsNotRedriven() {
    assertThat(Redrive.isRedriven(new SQSMessage())).isFalse();
  }

  private static SQSMessage message(@Nullable String sentAt, @Nullable String enqueued) {
    var attribute = new MessageAttribute();
    attribute.setStringValue(sentAt);
    var message = new SQSMessage();
    message.setMessageAttributes(Map.of(Redrive.SENT_AT, attribute));
    message.setAttributes(enqueued == null ? Map.of() : Map.of("SentTimestamp", enqueued));
    return message;
  }
}
