package dev.signrelay.worker;

import static dev.signrelay.testing.FakeServices.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.Redrive;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.FakeServices.DeadMessage;
import dev.signrelay.testing.FakeServices.Delivery;
import dev.signrelay.testing.FakeServices.Sent;
import dev.signrelay.testing.QueueBatch;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class JobBatchTest {

  private static final NeedsSignature ONE = job("one");
  private static final NeedsSignature OTHER = job("other");
  private static final Job NOT_DUE = ONE.withNotBefore(FakeServices.START.plusSeconds(60));

  private final FakeServices fakes = new FakeServices();
  private final QueueBatch batch = QueueBatch.empty().with("a", ONE).with("b", OTHER);

  @Test
  void jobsThatAreNotDueAreRequeuedInOneRequestWithoutAnAttempt() {
    Job[] jobs = Collections.nCopies(10, NOT_DUE).toArray(Job[]::new);

    assertThat(QueueBatch.of(jobs).failed(fakes)).isEmpty();

    assertThat(fakes.batches).containsExactly(10);
    assertThat(fakes.sent).hasSize(10);
    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.log).hasSize(10).extracting(LogEvent::name).containsOnly("waiting");
  }

  @Test
  void aJobThatIsNotDueIsRequeuedAsItIs() {
    Job waiting = ONE.withNotBefore(FakeServices.START.plusSeconds(1_000));

    assertThat(QueueBatch.of(waiting, NOT_DUE).failed(fakes)).isEmpty();

    assertThat(fakes.sent)
        .extracting(Sent::job, Sent::delay)
        .containsExactly(
            tuple(waiting, Duration.ofSeconds(900)), tuple(ONE, Duration.ofSeconds(60)));
    assertThat(fakes.limiter.timeouts).isEmpty();
  }

  @Test
  void aFailedJobIsRequeuedAndItsMessageAcknowledged() {
    fakes.upstream = _ -> failed("http-503");

    assertThat(QueueBatch.of(ONE).failed(fakes)).isEmpty();

    assertThat(fakes.sent)
        .extracting(Sent::job, Sent::delay)
        .containsExactly(tuple(ONE.next(), Duration.ofSeconds(60)));
    assertThat(fakes.log).extracting(LogEvent::name).containsExactly("signing attempt");
  }

  @Test
  void aSignedJobIsSentToTheCallbackQueueAndItsMessageAcknowledged() {
    assertThat(QueueBatch.of(ONE).failed(fakes)).isEmpty();

    assertThat(fakes.sent)
        .extracting(Sent::job, Sent::queue, Sent::delay)
        .containsExactly(
            tuple(ONE.signed("signature", FakeServices.START), JobQueue.CALLBACK, Duration.ZERO));
    assertThat(fakes.delivered).isEmpty();
    assertThat(fakes.log)
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.fields())
                    .containsEntry("outcome", "signed")
                    .containsEntry("decision", "deliver"));
  }

  /** The next receipt calls the upstream again: no signature is lost. */
  @Test
  void aSignedJobThatTheQueueDidNotStoreFailsItsMessageAndIsNotDelivered() {
    fakes.queueIsDown = true;

    assertThat(QueueBatch.of(ONE).failed(fakes)).containsExactly("message-0");

    assertThat(fakes.delivered).isEmpty();
    assertThat(fakes.log).extracting(LogEvent::level).containsExactly(LogEvent.Level.ERROR);
  }

  /** The delay of a job that waits, and its attempts, are those of the time before the redrive. */
  @Test
  void aRedrivenJobStartsAnew() {
    fakes.upstream = _ -> failed("http-503");
    Job old = new NeedsSignature(ONE.acceptance(), "one", 20, FakeServices.START.plusSeconds(600));

    assertThat(receive(old, true)).isEmpty();
    assertThat(
            receive(
                ONE.signed("kept", FakeServices.START)
                    .withNotBefore(FakeServices.START.plusSeconds(600)),
                true))
        .isEmpty();

    assertThat(fakes.sent)
        .extracting(Sent::job)
        .containsExactly(ONE.fresh(FakeServices.START).next());
    assertThat(fakes.delivered).extracting(Delivery::signature).containsExactly("kept");
  }

  @Test
  void aJobThatWasNotRedrivenKeepsItsAttempts() {
    fakes.upstream = _ -> failed("http-503");

    assertThat(receive(tried(20), false)).isEmpty();

    assertThat(fakes.dead).hasSize(1);
  }

  private static Job tried(int attempts) {
    Instant dayBefore = FakeServices.START.minus(Duration.ofDays(1));
    return new NeedsSignature(ONE.acceptance(), "one", attempts, null, dayBefore);
  }

  /** A redrive puts it there. Its receiver may hang, and upstream calls must not wait for it. */
  @Test
  void aSignedJobInTheRetryQueueGoesToTheCallbackQueueBeforeItIsDelivered() {
    Job signed = ONE.signed("signature", FakeServices.START);
    SQSMessage message = message(signed, true);
    message.setEventSourceArn("arn:aws:sqs:eu-central-1:1:retry");

    assertThat(new JobBatch(fakes.services(), Duration.ofSeconds(30)).run(List.of(message)))
        .isEmpty();

    assertThat(fakes.delivered).isEmpty();
    assertThat(fakes.sent)
        .extracting(Sent::queue, Sent::job, Sent::delay)
        .containsExactly(tuple(JobQueue.CALLBACK, signed.fresh(FakeServices.START), Duration.ZERO));

    message.setEventSourceArn("arn:aws:sqs:eu-central-1:1:callback");
    new JobBatch(fakes.services(), Duration.ofSeconds(30)).run(List.of(message));
    assertThat(fakes.delivered).hasSize(1);
  }

  @Test
  void anExpiredJobWhoseReceiverIsNotifiedGoesToTheCallbackQueueBeforeItIsDeadLettered() {
    fakes.with("CALLBACK_ON_FAILURE", "true");
    URI receiver = ONE.acceptance().callbackUrl();
    Instant now = FakeServices.START;
    Job expired =
        NeedsSignature.first(new Acceptance("a", receiver, now.minusSeconds(9), now, ""), "one");
    SQSMessage message = message(expired, false);
    message.setEventSourceArn("arn:aws:sqs:eu-central-1:1:retry");

    assertThat(new JobBatch(fakes.services(), Duration.ofSeconds(30)).run(List.of(message)))
        .isEmpty();

    assertThat(fakes.delivered).isEmpty();
    assertThat(fakes.dead).isEmpty();
    assertThat(fakes.sent)
        .extracting(Sent::queue, Sent::job, Sent::delay)
        .containsExactly(tuple(JobQueue.CALLBACK, expired, Duration.ZERO));

    message.setEventSourceArn("arn:aws:sqs:eu-central-1:1:callback");
    new JobBatch(fakes.services(), Duration.ofSeconds(30)).run(List.of(message));
    assertThat(fakes.dead).hasSize(1);
    assertThat(fakes.delivered).extracting(Delivery::reason).containsExactly("expired");
  }

  private List<String> receive(Job job, boolean redriven) {
    return new JobBatch(fakes.services(), Duration.ofSeconds(30))
        .run(List.of(message(job, redriven)));
  }

  private static SQSMessage message(Job job, boolean redriven) {
    var sentAt = new MessageAttribute();
    sentAt.setStringValue("1795435200000");
    var message = new SQSMessage();
    message.setMessageId("a");
    message.setBody(JobCodec.encode(job));
    message.setMessageAttributes(Map.of(Redrive.SENT_AT, sentAt));
    message.setAttributes(Map.of("SentTimestamp", redriven ? "1795435260001" : "1795435200000"));
    return message;
  }

  @Test
  void aJobThatIsNotDueAndThatTheQueueDidNotStoreFailsItsMessage() {
    fakes.queueIsDown = true;

    assertThat(QueueBatch.of(NOT_DUE, NOT_DUE).failed(fakes))
        .containsExactly("message-0", "message-1");
    assertThat(fakes.log).hasSize(2).extracting(LogEvent::level).containsOnly(LogEvent.Level.ERROR);
  }

  @Test
  void aRequeuedJobThatTheQueueDidNotStoreFailsItsMessage() {
    fakes.upstream = _ -> failed("http-503");
    fakes.queueIsDown = true;

    assertThat(QueueBatch.of(ONE, ONE.signed("s", FakeServices.START)).failed(fakes))
        .containsExactly("message-0");
  }

  @Test
  void aDeadLetterThatTheQueueDidNotStoreFailsItsMessage() {
    fakes.upstream = _ -> new Rejected("http-400");
    fakes.queueIsDown = true;

    assertThat(QueueBatch.of(ONE, ONE.signed("s", FakeServices.START)).failed(fakes))
        .containsExactly("message-0");
  }

  @Test
  void aMessageThatIsNotAJobIsDeadLetteredAtOnceWithoutAnEffectOnTheOthers() {
    assertThat(QueueBatch.empty().with("a", ONE).with("b", "no job").failed(fakes)).isEmpty();

    assertThat(fakes.sent).hasSize(1);
    assertThat(fakes.deadMessages).containsExactly(new DeadMessage("no job", "it is not JSON"));
  }

  @Test
  void anUnexpectedExceptionFailsOnlyItsOwnMessage() {
    fakes.upstream = m -> m.equals("one") ? fail(m) : new Signed("s");

    assertThat(batch.failed(fakes)).containsExactly("a");
    assertThat(fakes.log).extracting(LogEvent::name).contains("unexpected failure");
  }

  private static SigningOutcome fail(String message) {
    throw new IllegalStateException(message);
  }

  @Test
  void aMessageThatDoesNotCompleteInTimeFailsAlone() {
    var never = new CountDownLatch(1);
    fakes.upstream = m -> m.equals("one") ? waitFor(never) : new Signed("s");

    assertThat(batch.failed(fakes, Duration.ofSeconds(20))).containsExactly("a");
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

  @Test
  void aJobWithoutTimeForAStepFailsItsMessageAndThatIsNoAttempt() {
    assertThat(QueueBatch.of(ONE).failed(fakes, Duration.ofMillis(3_500)))
        .containsExactly("message-0");

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.sent).isEmpty();
  }

  /** If nobody waits in line: a free call is waited for as long as two clocks may differ. */
  @Test
  void aJobUsesACallThatIsFreeWithinAQuarterOfASecond() {
    fakes.limiter.wait = Duration.ofMillis(250);
    assertThat(QueueBatch.of(ONE).failed(fakes)).isEmpty();
    fakes.limiter.wait = Duration.ofMillis(251);
    assertThat(QueueBatch.of(OTHER).failed(fakes)).isEmpty();

    assertThat(fakes.sent)
        .extracting(Sent::queue)
        .containsExactly(JobQueue.CALLBACK, JobQueue.LINE);
  }

  private static NeedsSignature job(String message) {
    var acceptance =
        new Acceptance("job-7", URI.create("https://receiver.example/in"), FakeServices.START);
    return new NeedsSignature(acceptance, message, 2, null);
  }
}
