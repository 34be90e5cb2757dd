package dev.signrelay.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.signrelay.job.Attempt.Deferred;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.testing.FakeTime;
import dev.signrelay.worker.CompletedSteps.CompletedStep;
import dev.signrelay.worker.StepResult.Done;
import dev.signrelay.worker.StepResult.Failed;
import dev.signrelay.worker.StepResult.NeedsRequeue;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompletedStepsTest {

  private static final SQSMessage A = message("a");
  private static final SQSMessage B = message("b");
  private static final StepResult REQUEUE = requeue();

  private final FakeTime time = new FakeTime();
  private final CompletedSteps steps =
      new CompletedSteps(time, FakeTime.START.plus(Duration.ofSeconds(1)));

  @Test
  void stepsThatHaveCompletedAreTakenInOrderWithoutAWait() throws InterruptedException {
    steps.add(A, new Done());
    steps.add(B, new Failed());

    assertThat(steps.take(3))
        .containsExactly(new CompletedStep(A, new Done()), new CompletedStep(B, new Failed()));
    assertWaited(0);
  }

  @Test
  void aRequeuedJobWaitsAShortTimeForOthersToShareItsRequest() throws InterruptedException {
    steps.add(A, REQUEUE);
    steps.add(B, REQUEUE);

    assertThat(steps.take(3)).extracting(CompletedStep::message).containsExactly(A, B);
    assertWaited(50);
  }

  @Test
  void theLastRequeuedJobWaitsForNoOther() throws InterruptedException {
    steps.add(A, REQUEUE);
    steps.add(B, REQUEUE);

    assertThat(steps.take(2)).extracting(CompletedStep::message).containsExactly(A, B);
    assertWaited(0);
  }

  @ParameterizedTest
  @CsvSource({"970, 30", "1000, 0"})
  void theWaitForOthersEndsAtTheDeadline(long elapsedMillis, long waitedMillis)
      throws InterruptedException {
    time.advance(Duration.ofMillis(elapsedMillis));
    steps.add(A, REQUEUE);

    assertThat(steps.take(2)).hasSize(1);
    assertWaited(elapsedMillis + waitedMillis);
  }

  @Test
  void atTheDeadlineThereIsNone() throws InterruptedException {
    time.advance(Duration.ofMillis(960));

    assertThat(steps.take(1)).isEmpty();
    assertWaited(1_000);
  }

  private void assertWaited(long millis) {
    assertThat(time.instant()).isEqualTo(FakeTime.START.plusMillis(millis));
  }

  private static StepResult requeue() {
    var job =
        NeedsSignature.first(
            new Acceptance("job-7", URI.create("https://receiver.example/in"), FakeTime.START),
            "hello");
    return new NeedsRequeue(new Deferred(job), new Requeue(job, Duration.ZERO));
  }

  private static SQSMessage message(String id) {
    var message = new SQSMessage();
    message.setMessageId(id);
    return message;
  }
}
