package dev.signrelay.local.console;

import dev.signrelay.local.QueueServer;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** Redrives single dead letters, like the commands in docs/operations.md. */
record DeadLetters(QueueServer queues) {

  /** The visibility timeout of the dead letters that are searched. */
  private static final int HIDDEN_SECONDS = 10;

  /**
   * Sends a dead letter to the retry queue and then deletes it, so that a failure cannot lose it.
   * Its job begins with attempt 1: {@code SqsJobQueues} dead-letters jobs with their attempts
   * reset. RetryFunction handles either stage from that queue.
   *
   * @return false if there is no dead letter with this id
   */
  synchronized boolean redrive(String jobId) {
    var others = new ArrayList<Message>();
    try {
      for (List<Message> some = take(); !some.isEmpty(); some = take()) {
        for (Message message : some) {
          if (isOf(jobId, message)) {
            sqs().sendMessage(m -> m.queueUrl(queues.retryQueueUrl()).messageBody(message.body()));
            sqs()
                .deleteMessage(
                    d -> d.queueUrl(deadLetters()).receiptHandle(message.receiptHandle()));
            others.addAll(some);
            others.remove(message);
            return true;
          }
        }
        others.addAll(some);
      }
      return false;
    } finally {
      others.forEach(this::showAgain);
    }
  }

  private List<Message> take() {
    return sqs()
        .receiveMessage(
            r ->
                r.queueUrl(deadLetters())
                    .maxNumberOfMessages(10)
                    .visibilityTimeout(HIDDEN_SECONDS)
                    .messageAttributeNames("jobId"))
        .messages();
  }

  private void showAgain(Message message) {
    sqs()
        .changeMessageVisibility(
            v ->
                v.queueUrl(deadLetters())
                    .receiptHandle(message.receiptHandle())
                    .visibilityTimeout(0));
  }

  private static boolean isOf(String jobId, Message message) {
    var attribute = message.messageAttributes().get("jobId");
    return attribute != null && attribute.stringValue().equals(jobId);
  }

  private SqsClient sqs() {
    return queues.client();
  }

  private String deadLetters() {
    return queues.deadLetterQueueUrl();
  }
}
