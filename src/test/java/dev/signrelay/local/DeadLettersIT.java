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

  private static String line(Message message) {
    return String.join(
        "\t", value(message, "reason"), value(message, "lastOutcome"), value(message, "jobId"));
  }

  private static String value(Message message, String attribute) {
    String value = Probe.attribute(message, attribute);
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
    for (Message message : receive(60)) {
      if (Probe.attribute(message, "reason").equals("signing-exhausted")) {
        sqs().sendMessage(m -> m.queueUrl(queues().retryQueueUrl()).messageBody(message.body()));
        sqs()
            .deleteMessage(
                m ->
                    m.queueUrl(queues().deadLetterQueueUrl())
                        .receiptHandle(message.receiptHandle()));
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
