package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Probe;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** Sends the requests of the commands in docs/operations.md with the SDK. */
final class DeadLettersIT extends DeadLettersContract {

  @Test
  void aMessageThatIsNotAJobIsListedWithoutAReason() {
    queues()
        .client()
        .sendMessage(m -> m.queueUrl(queues().deadLetterQueueUrl()).messageBody("poison"));

    assertThat(list()).containsExactly("None\tNone\tNone");
  }

  @Override
  List<String> list() {
    return receive(0).stream().map(DeadLettersIT::line).toList();
  }

  private static String line(Message letter) {
    return String.join(
        "\t", value(letter, "reason"), value(letter, "lastOutcome"), value(letter, "jobId"));
  }

  private static String value(Message letter, String attribute) {
    String value = Probe.attribute(letter, attribute);
    return value.isEmpty() ? "None" : value;
  }

  @Override
  void redrive() {
    sqs()
        .startMessageMoveTask(
            t ->
                t.sourceArn(arn(queues().deadLetterQueueUrl()))
                    .destinationArn(arn(queues().retryQueueUrl()))
                    .maxNumberOfMessagesPerSecond(1));
  }

  @Override
  void redriveExhausted() {
    for (Message letter : receive(60)) {
      if (Probe.attribute(letter, "reason").equals("signing-exhausted")) {
        sqs().sendMessage(m -> m.queueUrl(queues().retryQueueUrl()).messageBody(letter.body()));
        sqs()
            .deleteMessage(
                m ->
                    m.queueUrl(queues().deadLetterQueueUrl())
                        .receiptHandle(letter.receiptHandle()));
      }
    }
  }

  @Override
  void purge() {
    sqs().purgeQueue(q -> q.queueUrl(queues().deadLetterQueueUrl()));
  }

  private List<Message> receive(int visibilityTimeout) {
    return sqs()
        .receiveMessage(
            r ->
                r.queueUrl(queues().deadLetterQueueUrl())
                    .maxNumberOfMessages(10)
                    .visibilityTimeout(visibilityTimeout)
                    .messageAttributeNames("All"))
        .messages();
  }

  private SqsClient sqs() {
    return queues().client();
  }
}
