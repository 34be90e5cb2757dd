package dev.signrelay.retry;

import static dev.signrelay.testing.FakeServices.failed;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.Delivery;
import dev.signrelay.testing.FakeServices.Sent;
import dev.signrelay.testing.QueueBatch;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a batch does with its messages. */
final class RetryWorkflowTest {

  private static final Instant NOW = FakeServices.START;
  private static final URI RECEIVER = URI.create("https://receiver.example/in");
  private static final NeedsSignature ONE = job("one");
  private static final Job NOT_DUE = ONE.withNotBefore(NOW.plusSeconds(60));

  private final FakeServices fakes = new FakeServices();

  /** {@code JobStepTest} has what follows from it. */
  @ParameterizedTest
  @CsvSource({"retry, 0", "callback, 1", ", 1"})
  void theQueueOfAMessageIsKnownByItsArn(@Nullable String queue, int deliveries) {
    var message = new SQSMessage();
    message.setBody(JobCodec.encode(ONE.signed("signature", NOW)));
    message.setEventSourceArn(queue == null ? null : "arn:aws:sqs:eu-central-1:1:" + queue);

    var workflow = new RetryWorkflow(fakes.services(), Duration.ofSeconds(30));

    assertThat(workflow.run(List.of(message))).isEmpty();
    assertThat(fakes.delivered).hasSize(deliveries);
    assertThat(fakes.sent).hasSize(1 - deliveries);
  }

  /** Whether it is not due, signed, failed, or a dead letter: it is received again. */
  @Test
  void aJobThatTheQueueDidNotStoreFailsItsMessage() {
    fakes.queueIsDown = true;
    fakes.upstream =
        message ->
            switch (message) {
              case "one" -> new Signed("signature");
              case "bad" -> new Rejected("http-400");
              default -> failed("http-503");
            };

    assertThat(
            QueueBatch.of(NOT_DUE, ONE, job("other"), job("bad"), ONE.signed("s", NOW))
                .failed(fakes))
        .containsExactly("message-0", "message-1", "message-2", "message-3");
    assertThat(fakes.delivered).extracting(Delivery::signature).containsExactly("s");
  }

  @Test
  void aMessageThatDoesNotCompleteInTimeFailsAlone() {
    var never = new CountDownLatch(1);
    fakes.upstream = m -> m.equals("one") ? waitFor(never) : new Signed("s");
    QueueBatch batch = QueueBatch.empty().with("a", ONE).with("b", job("other"));

    assertThat(batch.failed(fakes, Duration.ofSeconds(20))).containsExactly("a");
    assertThat(QueueBatch.of(ONE).failed(fakes, Duration.ofMillis(3_500)))
        .as("too little time for a step")
        .containsExactly("message-0");
  }

  private static SigningOutcome waitFor(CountDownLatch latch) {
    try {
      latch.await();
      return new Signed("late");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return failed("timeout");
    }
  }

  /** If nobody waits in line: a free call is waited for as long as two clocks may differ. */
  @Test
  void aJobUsesACallThatIsFreeWithinAQuarterOfASecond() {
    fakes.limiter.wait = Duration.ofMillis(250);
    assertThat(QueueBatch.of(ONE).failed(fakes)).isEmpty();
    fakes.limiter.wait = Duration.ofMillis(251);
    assertThat(QueueBatch.of(ONE).failed(fakes)).isEmpty();

    assertThat(fakes.sent)
        .extracting(Sent::queue)
        .containsExactly(JobQueue.CALLBACK, JobQueue.LINE);
  }

  private static NeedsSignature job(String message) {
    return new NeedsSignature(new Acceptance("job-7", RECEIVER, NOW), message, 2, null, NOW);
  }
}
