package dev.signrelay.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.signrelay.job.Attempt;
import dev.signrelay.job.Attempt.Deferred;
import dev.signrelay.job.Attempt.Delivery;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.retry.RetryDecision;
import dev.signrelay.retry.RetryDecision.Complete;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.telemetry.LogEvent.Level;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The decision in an attempt's event, and whether it was carried out. */
final class AttemptEventsDecisionTest {

  private static final Instant NOW = Instant.EPOCH;
  private static final NeedsCallback SIGNED =
      new NeedsCallback(
          new Acceptance("id-1", URI.create("https://example.com/"), NOW), "SECRET", 3, null);
  private static final NeedsSignature UNSIGNED =
      NeedsSignature.first(SIGNED.acceptance(), "SECRET");
  private static final Attempt SIGNING =
      Signing.of(UNSIGNED, new Called(new Signed("SECRET"), NOW, NOW));
  private static final Attempt ATTEMPT = new Deferred(SIGNED);
  private static final Requeue REQUEUE = new Requeue(SIGNED, Duration.ofMillis(20_500));
  private static final DeadLetterReason REASON =
      new DeadLetterReason(Kind.CALLBACK_GONE, "http-410", 3);

  static Stream<Arguments> decisions() {
    return Stream.of(
        Arguments.of(new Deliver(SIGNED), Level.INFO, "{decision=deliver}"),
        Arguments.of(new Complete(), Level.INFO, "{decision=complete}"),
        Arguments.of(REQUEUE, Level.INFO, "{decision=requeue, delaySeconds=20.5}"),
        Arguments.of(
            new DeadLetter(SIGNED, REASON),
            Level.WARN,
            "{decision=dead-letter, reason=callback-gone}"));
  }

  @ParameterizedTest
  @MethodSource("decisions")
  void everyDecisionIsAField(RetryDecision decision, Level level, String fields) {
    LogEvent event = AttemptEvents.carriedOut(ATTEMPT, decision);

    assertThat(event.level()).isEqualTo(level);
    assertThat(event.fields().toString()).endsWith(fields.substring(1));
  }

  /** The first delivery is made from the callback queue. */
  @Test
  void aSignatureThatIsSentToTheCallbackQueueIsToBeDelivered() {
    LogEvent event = AttemptEvents.carriedOut(SIGNING, new Requeue(SIGNED, Duration.ZERO));

    assertThat(event.fields())
        .containsEntry("decision", "deliver")
        .doesNotContainKey("delaySeconds");
  }

  @Test
  void aFailedDeliveryIsRequeued() {
    var delivery = new Delivery(SIGNED, new Undelivered("timeout", null), NOW, NOW);

    assertThat(AttemptEvents.carriedOut(delivery, REQUEUE).fields())
        .containsEntry("decision", "requeue")
        .containsEntry("delaySeconds", 20.5);
  }

  @Test
  void aJobThatJoinsTheLineIsCountedOnlyIfTheLineHasStoredIt() {
    var toLine = new Requeue(UNSIGNED, JobQueue.LINE, Duration.ZERO);
    LogEvent joined = AttemptEvents.carriedOut(SIGNING, toLine);
    LogEvent failed = AttemptEvents.notQueued(SIGNING, toLine, new IllegalStateException());

    assertThat(List.of(joined, failed))
        .allSatisfy(
            event ->
                assertThat(event.fields())
                    .containsEntry("decision", "wait-in-line")
                    .doesNotContainKey("delaySeconds"));
    assertThat(joined.measurements()).containsEntry(Metric.JOINED_LINE, 1);
    assertThat(failed.measurements())
        .containsEntry(Metric.QUEUE_UNAVAILABLE, 1)
        .doesNotContainKey(Metric.JOINED_LINE);
  }

  @Test
  void aDeadLetterIsCountedOnlyIfItIsStored() {
    var decision = new DeadLetter(SIGNED, REASON);

    assertThat(AttemptEvents.carriedOut(ATTEMPT, decision).measurements())
        .containsExactly(entry(Metric.DEAD_LETTER_CALLBACK_GONE, 1));
    assertThat(AttemptEvents.notQueued(ATTEMPT, decision, new IllegalStateException()))
        .satisfies(
            event ->
                assertThat(event.measurements())
                    .containsExactly(entry(Metric.QUEUE_UNAVAILABLE, 1)));
  }

  static Stream<Arguments> queueFailures() {
    return Stream.of(
        Arguments.of(new TimeoutException("SECRET"), "TimeoutException"),
        Arguments.of(
            new ExecutionException(new IllegalStateException("SECRET")), "IllegalStateException"));
  }

  @ParameterizedTest
  @MethodSource("queueFailures")
  void anAttemptThatWasNotQueuedIsAnErrorWithItsCause(Throwable cause, String name) {
    var failure = new IllegalStateException("no answer", cause);
    LogEvent event = AttemptEvents.notQueued(ATTEMPT, REQUEUE, failure);

    assertThat(event.level()).isEqualTo(Level.ERROR);
    assertThat(event.fields()).containsEntry("error", "no answer").containsEntry("cause", name);
    assertThat(event.toString()).doesNotContain("SECRET");
  }
}
