package dev.signrelay.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.queue.JobCodec;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

final class DeadLetterTest {

  private static final Instant T = Instant.parse("2026-11-23T12:00:00Z");
  private static final Acceptance ACCEPTANCE =
      new Acceptance("id-1", URI.create("https://receiver.example/secret-path"), T);
  private static final Job UNSIGNED = NeedsSignature.first(ACCEPTANCE, "the message");
  private static final Job SIGNED = new NeedsCallback(ACCEPTANCE, "the signature", 1, null, T, 1);

  @Test
  void aJobThatSignRelayDeadLetteredHasItsReason() {
    DeadLetter letter =
        DeadLetter.of(
            message(
                JobCodec.encode(UNSIGNED), Map.of("reason", "signing-exhausted", "attempts", "3")));

    assertThat(letter.reason()).isEqualTo("signing-exhausted");
    assertThat(letter.attempts()).isEqualTo(3);
    assertThat(letter.hasId("id-1") && letter.hasId("message-id")).isTrue();
    assertThat(letter.hasIdThatBeginsWith("id-") && letter.hasIdThatBeginsWith("mess")).isTrue();
    assertThat(letter.hasIdThatBeginsWith("d-1")).isFalse();
    assertThat(letter.sentAt()).isEqualTo(T);
  }

  @Test
  void aJobWithoutAReasonWasMovedBySqsAndWhatIsNotAJobIsMalformed() {
    assertThat(DeadLetter.of(message(JobCodec.encode(SIGNED), Map.of())).reason())
        .isEqualTo("moved-by-sqs");
    DeadLetter poison = DeadLetter.of(message("poison", Map.of()));
    assertThat(poison.reason()).isEqualTo("malformed");
    assertThat(poison.jobId()).isEmpty();
  }

  /** In JSON it is a number, as in the record of a job. */
  @Test
  void theAttemptsOfASummaryAreANumberUnlessTheyAreUnknown() {
    String body = JobCodec.encode(SIGNED);

    assertThat(DeadLetter.of(message(body, Map.of("attempts", "3"))).summary(Instant::toString))
        .containsEntry("attempts", 3)
        .containsEntry("stage", "delivering");
    for (String unknown : new String[] {"", "many", "-1", "99999999999"}) {
      assertThat(DeadLetter.of(message(body, Map.of("attempts", unknown))).summary(Texts::time))
          .doesNotContainKey("attempts")
          .containsEntry("sentAt", "2026-11-23T12:00:00Z");
    }
  }

  @Test
  void aSummaryHasNeitherMessageNorSignatureNorPath() {
    for (Job job : new Job[] {UNSIGNED, SIGNED}) {
      DeadLetter letter = DeadLetter.of(message(JobCodec.encode(job), Map.of()));

      assertThat(letter.summary(Instant::toString).toString() + letter)
          .contains("id-1")
          .doesNotContain("the message", "the signature", "secret-path");
    }
  }

  private static Message message(String body, Map<String, String> attributes) {
    var values = new HashMap<String, MessageAttributeValue>();
    attributes.forEach(
        (name, value) ->
            values.put(name, MessageAttributeValue.builder().stringValue(value).build()));
    return Message.builder()
        .messageId("message-id")
        .receiptHandle("receipt")
        .body(body)
        .messageAttributes(values)
        .attributes(
            Map.of(MessageSystemAttributeName.SENT_TIMESTAMP, Long.toString(T.toEpochMilli())))
        .build();
  }
}
