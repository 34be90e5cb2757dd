package dev.signrelay.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
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
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sqs.SqsClient;

final class SqsJobQueuesTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final RecordingSqs sqs = new RecordingSqs();
  private final SlowCalls time = new SlowCalls();
  private final JobQueues queues = queues(sqs);

  @Test
  void aJobIsSentToItsQueueWithItsDelayInWholeSeconds() {
    queues.send(new Requeue(job(1), JobQueue.RETRY, Duration.ofMillis(20_001)), TIMEOUT);
    queues.send(new Requeue(job(2), JobQueue.LINE, Duration.ZERO), TIMEOUT);

    assertThat(sqs.sent)
        .extracting(RecordingSqs.Sent::queue, RecordingSqs.Sent::body, RecordingSqs.Sent::delay)
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
  @CsvSource({"1, ''", "2, RETRY 2", "10, RETRY 10", "11, RETRY 10", "21, RETRY 10;RETRY 10"})
  void aRequestHasUpToTenJobsAndASingleJobIsSentAlone(int jobs, String batches) {
    List<Requeue> all =
        IntStream.rangeClosed(1, jobs).mapToObj(n -> requeue(n, JobQueue.RETRY)).toList();

    assertThat(queues.sendAll(all, TIMEOUT)).hasSize(jobs).allMatch(Optional::isEmpty);

    assertThat(String.join(";", sqs.batches)).isEqualTo(batches);
    assertThat(sqs.sent)
        .extracting(RecordingSqs.Sent::body)
        .containsExactlyElementsOf(all.stream().map(j -> JobCodec.encode(j.job())).toList());
  }

  @Test
  void noJobsAreNoRequest() {
    assertThat(queues.sendAll(List.of(), TIMEOUT)).isEmpty();
    assertThat(time.limits).isEmpty();
  }

  @Test
  void aRefusedJobIsSentAgainAloneInTheTimeThatIsLeft() {
    sqs.refusesInBatches = body -> body.contains("id-2");
    time.duration = Duration.ofSeconds(2);

    assertThat(
            queues.sendAll(
                List.of(requeue(1, JobQueue.RETRY), requeue(2, JobQueue.RETRY)), TIMEOUT))
        .allMatch(Optional::isEmpty);

    assertThat(sqs.batches).containsExactly("RETRY 2");
    assertThat(sqs.sent).extracting(RecordingSqs.Sent::jobId).containsExactly("id-1", "id-2");
    assertThat(time.limits).containsExactly(TIMEOUT, Duration.ofSeconds(3));
  }

  @Test
  void aJobThatIsRefusedAgainIsNotKnownToBeStored() {
    sqs.refusesInBatches = body -> body.contains("id-2");
    sqs.refusesAlone = body -> body.contains("id-2");

    assertThat(
            queues.sendAll(
                List.of(requeue(1, JobQueue.RETRY), requeue(2, JobQueue.RETRY)), TIMEOUT))
        .satisfiesExactly(
            stored -> assertThat(stored).isEmpty(),
            refused ->
                assertThat(refused)
                    .hasValueSatisfying(
                        e -> assertThat(e).hasMessage("the queue failed the request")));
  }

  @Test
  void theTimeoutLimitsAllRequestsTogether() {
    time.duration = Duration.ofSeconds(2);
    time.timesOut = true;
    List<Requeue> jobs = new ArrayList<>(Collections.nCopies(21, requeue(1, JobQueue.RETRY)));
    jobs.add(requeue(2, JobQueue.LINE));

    assertThat(queues.sendAll(jobs, TIMEOUT)).hasSize(22).noneMatch(Optional::isEmpty);
    assertThat(time.limits)
        .containsExactly(TIMEOUT, Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ZERO);
  }

  @Test
  void aFailedRequestIsReportedWithItsCause() {
    JobQueues broken =
        queues(
            () -> {
              throw new IllegalStateException("no client");
            });

    assertThatExceptionOfType(QueueUnavailableException.class)
        .isThrownBy(() -> broken.send(requeue(1, JobQueue.RETRY), TIMEOUT))
        .withMessage("the queue failed the request")
        .withRootCauseInstanceOf(IllegalStateException.class);
  }

  private JobQueues queues(SqsClient client) {
    return queues(() -> client);
  }

  private JobQueues queues(Supplier<SqsClient> client) {
    return new SqsJobQueues(client, JobQueue::name, "dead", time);
  }

  private static Requeue requeue(int n, JobQueue queue) {
    return new Requeue(job(n), queue, Duration.ofSeconds(3));
  }

  private static Job job(int n) {
    return new NeedsSignature(
        new Acceptance("id-" + n, URI.create("https://receiver.example"), FakeTime.START),
        "hello",
        2,
        null);
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
}
