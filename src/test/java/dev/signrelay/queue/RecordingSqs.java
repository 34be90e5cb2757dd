package dev.signrelay.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** SQS in memory: records what is sent to it, and refuses messages as configured. */
final class RecordingSqs implements SqsClient {

  /**
   * @param delay null: that of the queue
   */
  record Sent(String queue, String body, @Nullable Integer delay) {

    String jobId() {
      return JobCodec.decode(body).id();
    }
  }

  final List<Sent> sent = new ArrayList<>();

  /** The queue and the number of messages of each batch. */
  final List<String> batches = new ArrayList<>();

  Predicate<String> refusesInBatches = _ -> false;
  Predicate<String> refusesAlone = _ -> false;

  @Override
  public SendMessageResponse sendMessage(SendMessageRequest request) {
    if (refusesAlone.test(request.messageBody())) {
      throw SqsException.builder().message("refused").build();
    }
    sent.add(new Sent(request.queueUrl(), request.messageBody(), request.delaySeconds()));
    return SendMessageResponse.builder().build();
  }

  @Override
  public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest request) {
    batches.add(request.queueUrl() + " " + request.entries().size());
    var refused = new ArrayList<BatchResultErrorEntry>();
    for (SendMessageBatchRequestEntry entry : request.entries()) {
      if (refusesInBatches.test(entry.messageBody())) {
        refused.add(BatchResultErrorEntry.builder().id(entry.id()).build());
      } else {
        sent.add(new Sent(request.queueUrl(), entry.messageBody(), entry.delaySeconds()));
      }
    }
    return SendMessageBatchResponse.builder().failed(refused).build();
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
