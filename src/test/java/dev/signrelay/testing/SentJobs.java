package dev.signrelay.testing;

import dev.signrelay.job.Job;
import dev.signrelay.queue.JobCodec;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** An SQS client that records the jobs that are sent, without a server. */
public final class SentJobs implements SqsClient {

  /** A job that was sent to a queue. */
  public record Sent(String queueUrl, Job job) {}

  private final List<Sent> sent = new CopyOnWriteArrayList<>();

  public List<Sent> sent() {
    return sent;
  }

  /** The jobs that were sent to a queue. */
  public List<Job> sentTo(String queueUrl) {
    return sent.stream().filter(s -> s.queueUrl().equals(queueUrl)).map(Sent::job).toList();
  }

  @Override
  public SendMessageResponse sendMessage(SendMessageRequest request) {
    sent.add(new Sent(request.queueUrl(), JobCodec.decode(request.messageBody())));
    return SendMessageResponse.builder().build();
  }

  @Override
  public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest request) {
    for (SendMessageBatchRequestEntry entry : request.entries()) {
      sent.add(new Sent(request.queueUrl(), JobCodec.decode(entry.messageBody())));
    }
    return SendMessageBatchResponse.builder().build();
  }

  @Override
  public String serviceName() {
    return "sqs";
  }

  @Override
  public void close() {}
}
