package dev.signrelay.jobrecord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Attempt;
import dev.signrelay.job.Attempt.Delivery;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.policy.RetryDecision;
import dev.signrelay.policy.RetryDecision.Complete;
import dev.signrelay.policy.RetryDecision.DeadLetter;
import dev.signrelay.policy.RetryDecision.Deliver;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.policy.RetryPolicy;
import dev.signrelay.testing.FakeTime;
import dev.signrelay.testing.TestEnvironment;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The positions of records order the steps of a job, whatever the clocks of its processes say, in
 * the lives of a few hundred jobs.
 */
final class RecordPositionTest {

  private static final int LIVES = 600;
  private static final RetryPolicy POLICY =
      TestEnvironment.config(
              Map.of(
                  "RETRY_MAX_ATTEMPTS", "3",
                  "RETRY_GIVE_UP_AFTER_SECONDS", "0",
                  "CALLBACK_MAX_ATTEMPTS", "3",
                  "CALLBACK_GIVE_UP_AFTER_SECONDS", "0"))
          .retryPolicy();

  private static final Instant LATE = FakeTime.START.plus(Duration.ofDays(30));

  /** One step: the job before it, and the record after it. */
  private record Step(Job job, RetryDecision decision, JobRecord after) {}

  private final Random random = new Random(4_217);

  @Test
  void everyStepAndEveryRedriveOfAJobHasALaterPosition() {
    for (List<Step> life : lives()) {
      assertThat(life)
          .extracting(step -> step.after().position())
          .isSorted()
          .doesNotHaveDuplicates();
      assertThat(life.getLast().after().position()).isEqualTo(Long.MAX_VALUE);
    }
  }

  /** Unless it is dead-lettered, a copy that fails is never later than the step of its original. */
  @Test
  void aCopyOfAMessageThatFailsLateAndIsTriedAgainChangesNoRecord() {
    for (Step step : lives().stream().flatMap(List::stream).toList()) {
      JobRecord copy = run(step.job(), false, false, LATE).after();
      if (!copy.status().isOver()) {
        assertThat(copy.position()).isLessThanOrEqualTo(step.after().position());
      }
    }
  }

  /** A step is repeated if its job could not be requeued, and its record is written by then. */
  @Test
  void aRepeatedStepThatEndsItsJobIsRecorded() {
    for (Step step : lives().stream().flatMap(List::stream).toList()) {
      JobRecord repeated = run(step.job(), false, true, LATE).after();
      boolean isTriedAgain = step.decision() instanceof Requeue;
      if (repeated.status() == JobStatus.FAILED) {
        assertThat(repeated.position() > step.after().position()).isEqualTo(isTriedAgain);
      }
    }
  }

  /** Of jobs with and without a receiver. */
  private List<List<Step>> lives() {
    URI receiver = URI.create("https://receiver.example/");
    return IntStream.range(0, LIVES).mapToObj(i -> live(i % 2 == 0 ? receiver : null)).toList();
  }

  /** The steps of a job that fails now and then, and is redriven, until it has its result. */
  private List<Step> live(@Nullable URI callbackUrl) {
    var steps = new ArrayList<Step>();
    Instant now = FakeTime.START;
    Job job = NeedsSignature.first(new Acceptance("id", callbackUrl, now, null, ""), "message");
    while (true) {
      now = now.plusMillis(random.nextInt(-3, 3)).plusNanos(random.nextInt(1_000_000));
      Step step = run(job, random.nextInt(3) == 0, random.nextInt(4) == 0, now);
      steps.add(step);
      switch (step.decision()) {
        case Deliver(NeedsCallback signed) when callbackUrl != null -> job = signed;
        case Deliver _, Complete _ -> {
          return steps;
        }
        case Requeue requeue -> job = requeue.job();
        case DeadLetter dead -> job = dead.job().fresh(now);
      }
    }
  }

  private static Step run(Job job, boolean succeeds, boolean failsForGood, Instant now) {
    return switch (job) {
      case NeedsSignature unsigned -> {
        SigningOutcome outcome =
            succeeds
                ? new Signed("signature")
                : failsForGood ? new Rejected("http-400") : new Failed("timeout", null);
        var result = new Called(outcome, now, now);
        yield step(
            new Signing(unsigned, result), POLICY.afterSigning(unsigned, result, now, 0), now);
      }
      case NeedsCallback signed -> {
        DeliveryOutcome outcome =
            succeeds
                ? new Delivered("http-204")
                : failsForGood ? new Gone("http-410") : new Undelivered("timeout", null);
        yield step(
            new Delivery(signed, outcome, now, now),
            POLICY.afterDelivery(signed, outcome, now, 0),
            now);
      }
    };
  }

  private static Step step(Attempt attempt, RetryDecision decision, Instant now) {
    return new Step(attempt.job(), decision, JobRecord.after(attempt, decision, now));
  }
}
