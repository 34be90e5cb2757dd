package dev.signrelay;

import static dev.signrelay.Parts.unsigned;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.log.LogEvent;
import dev.signrelay.retry.Job;
import dev.signrelay.retry.Job.Acceptance;
import dev.signrelay.retry.Job.NeedsSignature;
import dev.signrelay.upstream.SigningOutcome;
import dev.signrelay.upstream.SigningOutcome.Rejected;
import dev.signrelay.upstream.SigningOutcome.Signed;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The messages of a batch fail one by one. */
final class RetryBatchTest {

  private static final Acceptance ACCEPTANCE =
      new Acceptance("job-7", URI.create("https://receiver.example/in"), Parts.START);
  private static final Job ONE = job("one");
  private static final Job OTHER = job("other");

  private final Parts parts = new Parts();

  @Test
  void jobsThatAreNotDueGoBackInOneRequest() {
    Batch batch = Batch.empty();
    for (int i = 0; i < 10; i++) {
      batch = batch.with("message-" + i, ONE.withNotBefore(Parts.START.plusSeconds(60)));
    }

    assertThat(batch.failed(parts)).isEmpty();

    assertThat(parts.requests).containsExactly(10);
    assertThat(parts.sent).hasSize(10);
  }

  @Test
  void aJobThatTheQueueDidNotTakeBackFailsItsMessage() {
    parts.queueIsDown = true;
    Job waiting = ONE.withNotBefore(Parts.START.plusSeconds(60));

    assertThat(Batch.empty().with("a", waiting).with("b", waiting).failed(parts))
        .containsExactly("a", "b");
    assertThat(parts.log).extracting(LogEvent::level).containsOnly(LogEvent.Level.ERROR);
  }

  @Test
  void aPoisonMessageFailsAlone() {
    Batch batch = Batch.empty().with("a", ONE).with("b", "no job");

    assertThat(batch.failed(parts)).containsExactly("b");

    assertThat(parts.delivered).hasSize(1);
    assertThat(parts.log.toString()).doesNotContain("no job");
  }

  @Test
  void aStepThatTheQueueDidNotTakeFailsItsMessage() {
    parts.upstream = m -> m.equals("one") ? unsigned("http-503") : new Signed("s");
    parts.queueIsDown = true;

    assertThat(Batch.empty().with("a", ONE).with("b", OTHER).failed(parts)).containsExactly("a");
  }

  @Test
  void aDeadLetterThatTheQueueDidNotTakeFailsItsMessage() {
    parts.upstream = _ -> new Rejected("http-400");
    parts.queueIsDown = true;

    assertThat(Batch.empty().with("a", ONE).failed(parts)).containsExactly("a");
  }

  @Test
  void whatNobodyForesawFailsItsMessageAlone() {
    parts.upstream =
        m -> {
          if (m.equals("one")) {
            throw new IllegalStateException(m);
          }
          return new Signed("s");
        };

    assertThat(Batch.empty().with("a", ONE).with("b", OTHER).failed(parts)).containsExactly("a");
  }

  @Test
  void aMessageThatDoesNotEndInTimeIsReportedAndTheOthersAreNot() {
    var never = new CountDownLatch(1);
    parts.upstream = m -> m.equals("one") ? waitFor(never) : new Signed("s");

    Batch batch = Batch.empty().with("a", ONE).with("b", OTHER);

    assertThat(batch.failed(parts, Duration.ofMillis(4_500))).containsExactly("a");
  }

  private static SigningOutcome waitFor(CountDownLatch latch) {
    try {
      latch.await();
      return new Signed("late");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return unsigned("timeout");
    }
  }

  @Test
  void aJobThatThereIsNoTimeForIsLeftToTheQueueAndIsNoAttempt() {
    Batch batch = Batch.empty().with("a", ONE);

    assertThat(batch.failed(parts, Duration.ofMillis(3_500))).containsExactly("a");

    assertThat(parts.signed).isEmpty();
    assertThat(parts.sent).isEmpty();
  }

  private static Job job(String message) {
    return new NeedsSignature(ACCEPTANCE, message, 2, null);
  }
}
