package dev.signrelay.testing;

import static org.awaitility.Awaitility.await;

import dev.signrelay.local.CallbackInbox.Delivery;
import dev.signrelay.local.LocalSystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Reads the deliveries, the queues and the dead letters of a running system. */
public record Probe(LocalSystem system) {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  public List<Delivery> deliveries(String id) {
    return system.inbox().deliveries().stream().filter(d -> d.id().equals(id)).toList();
  }

  public List<Delivery> awaitDeliveries(String id, int count) {
    await("%d deliveries of job %s".formatted(count, id))
        .atMost(TIMEOUT)
        .until(() -> deliveries(id).size() == count);
    return deliveries(id);
  }

  public List<Message> deadLetters() {
    return receiveDeadLetters(0);
  }

  /**
   * @param visibilityTimeout in seconds; null: that of the queue
   */
  private List<Message> receiveDeadLetters(@Nullable Integer visibilityTimeout) {
    return sqs()
        .receiveMessage(
            r ->
                r.queueUrl(system.queues().deadLetterQueueUrl())
                    .maxNumberOfMessages(10)
                    .visibilityTimeout(visibilityTimeout)
                    .messageAttributeNames("All"))
        .messages();
  }

  /** Whether all jobs have ended. */
  public boolean isQuiet() {
    return system.queues().queues().jobs(sqs()) == 0;
  }

  /** Receives all dead letters. They remain invisible for the visibility timeout. */
  public List<Message> receiveDeadLetters() {
    var all = new ArrayList<Message>();
    List<Message> some;
    do {
      some = receiveDeadLetters(null);
      all.addAll(some);
    } while (!some.isEmpty());
    return all;
  }

  public Message awaitDeadLetter(String id) {
    return await("the dead letter of job " + id)
        .atMost(TIMEOUT)
        .until(
            () -> deadLetters().stream().filter(m -> id.equals(attribute(m, "jobId"))).findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** The attribute of a dead letter; empty if it is missing. */
  public static String attribute(Message message, String name) {
    var attribute = message.messageAttributes().get(name);
    return attribute == null ? "" : attribute.stringValue();
  }

  /** Sends a message to the retry queue. */
  public void send(String body) {
    sqs().sendMessage(m -> m.queueUrl(system.queues().retryQueueUrl()).messageBody(body));
  }

  /** Sends a message to the line. */
  public void sendToLine(String body) {
    sqs().sendMessage(m -> m.queueUrl(system.queues().queues().lineQueueUrl()).messageBody(body));
  }

  /** SignRelay sends dead letters to their queue directly, so the task requires a destination. */
  public void redrive() {
    sqs()
        .startMessageMoveTask(
            t ->
                t.sourceArn(arn(system.queues().deadLetterQueueUrl()))
                    .destinationArn(arn(system.queues().retryQueueUrl())));
  }

  private String arn(String queueUrl) {
    return sqs()
        .getQueueAttributes(q -> q.queueUrl(queueUrl).attributeNames(QueueAttributeName.QUEUE_ARN))
        .attributes()
        .get(QueueAttributeName.QUEUE_ARN);
  }

  private SqsClient sqs() {
    return system.queues().client();
  }
}
