package dev.signrelay.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.testing.FakeTime;
import dev.signrelay.time.TimeSource;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

final class SqsJobQueuesTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final RecordingSqs sqs = new RecordingSqs();
  private final SlowCalls time = new SlowCalls();
  private final JobQueues queues = new SqsJobQueues(() -> sqs, JobQueue::name, "dead", time);

  @Test
  void aJobIsSentToItsQueueWithItsDelayInWholeSeconds() {
    queues.send(new Requeue(job(1), JobQueue.RETRY, Duration.ofMillis(20_001)), TIMEOUT);
    queues.send(new Requeue(job(2), JobQueue.LINE, Duration.ZERO), TIMEOUT);

    assertThat(sqs.sent)
        .extracting(Sent::queue, Sent::body, Sent::delay)
        .containsExactly(
            tuple("RETRY", JobCodec.encode(job(1)), 21), tuple("LINE", JobCodec.encode(job(2)), 0));
  }

  @Test
  void aMixedBatchIsOneRequestForEachQueueAndItsResultsAreInTheOrderOfTheJobs() {
    sqs.refusesInBatches = body -> body.contains("id-4");
    sqs.refusesAlone = body -> body.contains("id-4");

    List<Optional<QueueUnavailableException>> results =
        queues.sendAll(
            List.of(
                requeue(1, JobQueue.LINE),
                requeue(2, JobQueue.CALLBACK),
                requeue(3, JobQueue.RETRY),
                requeue(4, JobQueue.LINE),
                requeue(5, JobQueue.RETRY),
                requeue(6, JobQueue.CALLBACK),
                requeue(7, JobQueue.LINE)),
            TIMEOUT);

    assertThat(results)
        .extracting(Optional::isEmpty)
        .containsExactly(true, true, true, false, true, true, true);
    assertThat(sqs.batches).containsExactlyInAnyOrder("RETRY 2", "CALLBACK 2", "LINE 3");
    assertThat(sqs.sent)
        .extracting(message -> message.queue() + " " + message.jobId())
        .containsExactlyInAnyOrder(
            "RETRY id-3", "RETRY id-5", "CALLBACK id-2", "CALLBACK id-6", "LINE id-1", "LINE id-7");
  }

  @ParameterizedTest
  @CsvSource({"1, ''", "2, RETRY 2", "10, RETRY 10"})
  void jobsShareARequestAndASingleJobIsSentAlone(int jobs, String batches) {
    List<Requeue> all =
        IntStream.rangeClosed(1, jobs).mapToObj(n -> requeue(n, JobQueue.RETRY)).toList();

    assertThat(queues.sendAll(all, TIMEOUT)).hasSize(jobs).allMatch(Optional::isEmpty);

    assertThat(String.join(";", sqs.batches)).isEqualTo(batches);
    assertThat(sqs.sent)
        .extracting(Sent::body)
        .containsExactlyElementsOf(all.stream().map(j -> JobCodec.encode(j.job())).toList());
  }

  @Test
  void aJobThatIsNotConfirmedIsSentAgainAloneInTheTimeThatIsLeft() {
    sqs.refusesInBatches = body -> body.contains("id-2");
    time.duration = Duration.ofSeconds(2);

    assertThat(
            queues.sendAll(
                List.of(requeue(1, JobQueue.RETRY), requeue(2, JobQueue.RETRY)), TIMEOUT))
        .allMatch(Optional::isEmpty);

    assertThat(sqs.batches).containsExactly("RETRY 2");
    assertThat(sqs.sent).extracting(Sent::jobId).containsExactly("id-1", "id-2");
    assertThat(time.limits).containsExactly(TIMEOUT, Duration.ofSeconds(3));
  }

  @Test
  void theTimeoutLimitsAllRequestsTogether() {
    time.duration = Duration.ofSeconds(2);
    time.timesOut = true;
    List<Requeue> jobs =
        IntStream.range(0, 8).mapToObj(n -> requeue(n, JobQueue.values()[n % 3])).toList();

    assertThat(queues.sendAll(jobs, TIMEOUT)).hasSize(8).noneMatch(Optional::isEmpty);
    assertThat(time.limits).containsExactly(TIMEOUT, Duration.ofSeconds(3), Duration.ofSeconds(1));
  }

  private static Requeue requeue(int n, JobQueue queue) {
    return new Requeue(job(n), queue, Duration.ofSeconds(3));
  }

  private static Job job(int n) {
    return new NeedsSignature(
        new Acceptance("id-" + n, URI.create("https://receiver.example"), FakeTime.START),
        "hello",
        2,
        null,
        FakeTime.START);
  }

  /** A clock by which each call takes the same time, or as long as it may, and may time out. */
  private static final class SlowCalls extends FakeTime {

    private final List<Duration> limits = new ArrayList<>();
    private Duration duration = Duration.ZERO;
    private boolean timesOut;

    @Override
    public <T> T callWithin(Duration limit, Callable<T> call)
        throws TimeoutException, ExecutionException {
      limits.add(limit);
      advance(TimeSource.shorter(limit, duration));
      if (timesOut) {
        throw new TimeoutException();
      }
      return super.callWithin(limit, call);
    }
  }

  /**
   * @param delay null: that of the queue
   */
  private record Sent(String queue, String body, @Nullable Integer delay) {

    String jobId() {
      return JobCodec.decode(body).id();
    }
  }

  /** SQS in memory: records what is sent to it, and refuses messages as configured. */
  private static final class RecordingSqs implements SqsClient {

    private final List<Sent> sent = new ArrayList<>();

    /** The queue and the number of messages of each batch. */
    private final List<String> batches = new ArrayList<>();

    private Predicate<String> refusesInBatches = _ -> false;
    private Predicate<String> refusesAlone = _ -> false;

    @Override
    public SendMessageResponse sendMessage(SendMessageRequest request) {
      if (refusesAlone.test(request.messageBody())) {
        throw SqsException.builder().message("refused").build();
      }
      sent.add(new Sent(request.queueUrl(), request.messageBody(), request.delaySeconds()));
      return SendMessageResponse.builder().messageId("stored").build();
    }

    @Override
    public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest request) {
      batches.add(request.queueUrl() + " " + request.entries().size());
      var stored = new ArrayList<SendMessageBatchResultEntry>();
      for (SendMessageBatchRequestEntry entry : request.entries()) {
        if (!refusesInBatches.test(entry.messageBody())) {
          sent.add(new Sent(request.queueUrl(), entry.messageBody(), entry.delaySeconds()));
          stored.add(SendMessageBatchResultEntry.builder().id(entry.id()).build());
        }
      }
      return SendMessageBatchResponse.builder().successful(stored).build();
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
}
