package dev.signrelay.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;

/** SQS confirms or refuses each message of a request by itself, with status 200. */
final class SqsLineTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final List<ReceivedMessage> MESSAGES =
      Stream.of("a", "b", "c").map(r -> new ReceivedMessage(r, r, "body", false, null)).toList();

  /** The receipts in each request. */
  private final List<List<String>> requests = new ArrayList<>();

  /** The receipts that are refused. */
  private Predicate<String> refused = _ -> false;

  private final Line line = new SqsLine(() -> new RefusingSqs(), "line", new FakeTime());

  @Test
  void whatIsNotConfirmedIsTriedOnceMore() {
    refused = receipt -> !receipt.equals("b") && requests.size() == 1;

    line.remove(MESSAGES, TIMEOUT);
    assertThat(requests).containsExactly(List.of("a", "b", "c"), List.of("a", "c"));

    requests.clear();
    line.release(MESSAGES, TIMEOUT);
    assertThat(requests).containsExactly(List.of("a", "b", "c"), List.of("a", "c"));
  }

  /** Else nobody would learn that the jobs are handled twice. */
  @Test
  void whatIsRefusedTwiceIsAFailure() {
    refused = "b"::equals;

    assertThatThrownBy(() -> line.remove(MESSAGES, TIMEOUT))
        .isInstanceOf(QueueUnavailableException.class);
    assertThatThrownBy(() -> line.release(MESSAGES, TIMEOUT))
        .isInstanceOf(QueueUnavailableException.class);
    assertThat(requests).hasSize(4);
  }

  private final class RefusingSqs implements SqsClient {

    @Override
    public DeleteMessageBatchResponse deleteMessageBatch(DeleteMessageBatchRequest request) {
      return DeleteMessageBatchResponse.builder()
          .successful(
              confirmed(request.entries(), DeleteMessageBatchRequestEntry::receiptHandle)
                  .mapToObj(id -> DeleteMessageBatchResultEntry.builder().id("" + id).build())
                  .toList())
          .build();
    }

    @Override
    public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
        ChangeMessageVisibilityBatchRequest request) {
      return ChangeMessageVisibilityBatchResponse.builder()
          .successful(
              confirmed(request.entries(), ChangeMessageVisibilityBatchRequestEntry::receiptHandle)
                  .mapToObj(
                      id -> ChangeMessageVisibilityBatchResultEntry.builder().id("" + id).build())
                  .toList())
          .build();
    }

    private <E> IntStream confirmed(List<E> entries, Function<E, String> receipt) {
      List<String> receipts = entries.stream().map(receipt).toList();
      requests.add(receipts);
      return IntStream.range(0, receipts.size()).filter(i -> !refused.test(receipts.get(i)));
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }
}
