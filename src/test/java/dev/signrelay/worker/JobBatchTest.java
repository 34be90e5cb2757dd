package dev.signrelay.worker;

import static dev.signrelay.testing.FakeServices.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.QueueBatch;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The messages of a batch fail one by one. */
final class JobBatchTest {

  private static final Acceptance ACCEPTANCE =
      new Acceptance("job-7", URI.create("https://receiver.example/in"), FakeServices.START);
  private static final Job ONE = job("one");
  private static final Job OTHER = job("other");

  private final FakeServices fakes = new FakeServices();

  @Test
  void jobsThatAreNotDueGoBackInOneRequest() {
    QueueBatch batch = QueueBatch.empty();
    for (int i = 0; i < 10; i++) {
      batch = batch.with("message-" + i, ONE.withNotBefore(FakeServices.START.plusSeconds(60)));
    }

    assertThat(batch.failed(fakes)).isEmpty();

    assertThat(fakes.batches).containsExactly(10);
    assertThat(fakes.sent).hasSize(10);
  }

  @Test
  void aJobThatTheQueueDidNotTakeBackFailsItsMessage() {
    fakes.queueIsDown = true;
    Job waiting = ONE.withNotBefore(FakeServices.START.plusSeconds(60));

    assertThat(QueueBatch.empty().with("a", waiting).with("b", waiting).failed(fakes))
        .containsExactly("a", "b");
    assertThat(fakes.log).extracting(LogEvent::level).containsOnly(LogEvent.Level.ERROR);
  }

  @Test
  void aPoisonMessageFailsAlone() {
    QueueBatch batch = QueueBatch.empty().with("a", ONE).with("b", "no job");

    assertThat(batch.failed(fakes)).containsExactly("b");

    assertThat(fakes.delivered).hasSize(1);
    assertThat(fakes.log.toString()).doesNotContain("no job");
  }

  @Test
  void aStepThatTheQueueDidNotTakeFailsItsMessage() {
    fakes.upstream = m -> m.equals("one") ? failed("http-503") : new Signed("s");
    fakes.queueIsDown = true;

    assertThat(QueueBatch.empty().with("a", ONE).with("b", OTHER).failed(fakes))
        .containsExactly("a");
  }

  @Test
  void aDeadLetterThatTheQueueDidNotTakeFailsItsMessage() {
    fakes.upstream = _ -> new Rejected("http-400");
    fakes.queueIsDown = true;

    assertThat(QueueBatch.empty().with("a", ONE).failed(fakes)).containsExactly("a");
  }

  @Test
  void whatNobodyForesawFailsItsMessageAlone() {
    fakes.upstream =
        m -> {
          if (m.equals("one")) {
            throw new IllegalStateException(m);
          }
          return new Signed("s");
        };

    assertThat(QueueBatch.empty().with("a", ONE).with("b", OTHER).failed(fakes))
        .containsExactly("a");
  }

  @Test
  void aMessageThatDoesNotEndInTimeIsReportedAndTheOthersAreNot() {
    var never = new CountDownLatch(1);
    fakes.upstream = m -> m.equals("one") ? waitFor(never) : new Signed("s");

    QueueBatch batch = QueueBatch.empty().with("a", ONE).with("b", OTHER);

    assertThat(batch.failed(fakes, Duration.ofMillis(4_500))).containsExactly("a");
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
  void aJobThatThereIsNoTimeForIsLeftToTheQueueAndIsNoAttempt() {
    QueueBatch batch = QueueBatch.empty().with("a", ONE);

    assertThat(batch.failed(fakes, Duration.ofMillis(3_500))).containsExactly("a");

    assertThat(fakes.signed).isEmpty();
    assertThat(fakes.sent).isEmpty();
  }

  private static Job job(String message) {
    return new NeedsSignature(ACCEPTANCE, message, 2, null);
  }
}
