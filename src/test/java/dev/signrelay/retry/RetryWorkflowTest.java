package dev.signrelay.retry;

import static dev.signrelay.testing.FakeServices.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.DeadMessage;
import dev.signrelay.testing.FakeServices.Delivery;
import dev.signrelay.testing.FakeServices.Sent;
import dev.signrelay.testing.QueueBatch;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a batch does with its messages. {@code RunningStepsTest} tests what becomes of steps. */
final class RetryWorkflowTest {

  private static final Instant NOW = FakeServices.START;
  private static final URI RECEIVER = URI.create("https://receiver.example/in");
  private static final NeedsSignature ONE = job("one");
  private static final Job NOT_DUE = ONE.withNotBefore(NOW.plusSeconds(60));

  private final FakeServices fakes = new FakeServices();

  @Test
  void jobsThatAreNotDueAreRequeuedInOneRequestWithoutAnAttempt() {
    Job waiting = ONE.withNotBefore(NOW.plusSeconds(1_000));

    assertThat(QueueBatch.of(waiting, NOT_DUE, NOT_DUE).failed(fakes)).isEmpty();

    assertThat(fakes.batches).containsExactly(3);
    assertThat(fakes.sent)
        .extracting(Sent::job, Sent::delay)
        .containsExactly(
            tuple(waiting, Duration.ofSeconds(900)),
            tuple(ONE, Duration.ofSeconds(60)),
            tuple(ONE, Duration.ofSeconds(60)));
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.limiter.timeouts).isEmpty();
    assertThat(fakes.log).hasSize(3).extracting(LogEvent::name).containsOnly("waiting");
  }

  /** A redrive puts it there. Its receiver may hang, and upstream calls must not wait for it. */
  @Test
  void aSignedJobInTheRetryQueueGoesToTheCallbackQueueBeforeItIsDelivered() {
    movesToTheCallbackQueue(ONE.signed("signature", NOW));

    assertThat(fakes.delivered).extracting(Delivery::signature).containsExactly("signature");
  }

  @Test
  void anExpiredJobWhoseReceiverIsNotifiedGoesToTheCallbackQueueBeforeItIsDeadLettered() {
    fakes.with("CALLBACK_ON_FAILURE", "true");

    movesToTheCallbackQueue(
        NeedsSignature.first(new Acceptance("a", RECEIVER, NOW.minusSeconds(9), NOW, ""), "one"));

    assertThat(fakes.dead).hasSize(1);
    assertThat(fakes.delivered).extracting(Delivery::reason).containsExactly("expired");
  }

  private void movesToTheCallbackQueue(Job job) {
    assertThat(receive(job, "retry")).isEmpty();

    assertThat(fakes.delivered).isEmpty();
    assertThat(fakes.dead).isEmpty();
    assertThat(fakes.sent)
        .extracting(Sent::queue, Sent::job, Sent::delay)
        .containsExactly(tuple(JobQueue.CALLBACK, job, Duration.ZERO));
    assertThat(receive(job, "callback")).isEmpty();
  }

  private List<String> receive(Job job, String queue) {
    var message = new SQSMessage();
    message.setMessageId("a");
    message.setBody(JobCodec.encode(job));
    message.setEventSourceArn("arn:aws:sqs:eu-central-1:1:" + queue);
    return new RetryWorkflow(fakes.services(), Duration.ofSeconds(30)).run(List.of(message));
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
  void aMessageThatIsNotAJobIsDeadLetteredAtOnceWithoutAnEffectOnTheOthers() {
    assertThat(QueueBatch.empty().with("a", ONE).with("b", "no job").failed(fakes)).isEmpty();

    assertThat(fakes.sent).hasSize(1);
    assertThat(fakes.deadMessages).containsExactly(new DeadMessage("no job", "it is not JSON"));
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
    return new NeedsSignature(new Acceptance("job-7", RECEIVER, NOW), message, 2, null);
  }
}
