package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.signrelay.log.LogEvent;
import dev.signrelay.log.LogEvent.Level;
import dev.signrelay.log.Metric;
import dev.signrelay.queue.RetryQueue.QueueUnavailableException;
import dev.signrelay.retry.DeadLetterReason;
import dev.signrelay.retry.DeadLetterReason.Kind;
import dev.signrelay.retry.Job.Acceptance;
import dev.signrelay.retry.Job.NeedsCallback;
import dev.signrelay.retry.Job.NeedsSignature;
import dev.signrelay.retry.RetryDecision;
import dev.signrelay.retry.RetryDecision.Complete;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the log says after an attempt. */
final class DecisionLinesTest {

  private static final Acceptance ACCEPTANCE =
      new Acceptance("id-1", URI.create("https://example.com/SECRET?SECRET"), Instant.EPOCH);
  private static final NeedsSignature UNSIGNED = new NeedsSignature(ACCEPTANCE, "SECRET", 2, null);
  private static final NeedsCallback SIGNED = new NeedsCallback(ACCEPTANCE, "SECRET", 3, null);

  static Stream<Arguments> decisions() {
    var reason = new DeadLetterReason(Kind.CALLBACK_GONE, "http-410", 3);
    return Stream.of(
        Arguments.of(new Deliver(SIGNED), "{decision=deliver}"),
        Arguments.of(new Complete(), "{decision=complete}"),
        Arguments.of(
            new Requeue(UNSIGNED, Duration.ofMillis(20_500)),
            "{decision=requeue, delaySeconds=20.5}"),
        Arguments.of(
            new DeadLetter(SIGNED, reason), "{decision=dead-letter, reason=callback-gone}"));
  }

  @ParameterizedTest
  @MethodSource("decisions")
  void aDecisionIsAddedToItsAttempt(RetryDecision decision, String fields) {
    LogEvent line = AttemptLines.decided(LogEvent.of(Level.WARN, "attempt"), decision);

    assertThat(line.level()).isEqualTo(Level.WARN);
    assertThat(line.name()).isEqualTo("attempt");
    assertThat(line.fields()).hasToString(fields);
  }

  static Stream<Arguments> queueFailures() {
    return Stream.of(
        Arguments.of(new TimeoutException("SECRET"), "TimeoutException"),
        Arguments.of(
            new ExecutionException(new IllegalStateException("SECRET")), "IllegalStateException"));
  }

  @ParameterizedTest
  @MethodSource("queueFailures")
  void aQueueThatIsUnavailableIsAnErrorWithItsCause(Throwable cause, String name) {
    LogEvent line = LogEvent.of(Level.INFO, "attempt").with("id", "id-1");

    assertThat(
            FailureLines.queueUnavailable(line, new QueueUnavailableException("no answer", cause)))
        .isEqualTo(
            LogEvent.of(Level.ERROR, "attempt")
                .with("id", "id-1")
                .with("error", "no answer")
                .with("cause", name)
                .counted(Metric.QUEUE_UNAVAILABLE));
  }

  @Test
  void aMalformedMessageIsAnErrorThatNamesTheQueueMessage() {
    assertThat(FailureLines.malformed("sqs-1", "it is not JSON"))
        .isEqualTo(
            LogEvent.of(Level.ERROR, "malformed queue message")
                .with("queueMessageId", "sqs-1")
                .with("error", "it is not JSON"));
  }

  @Test
  void anUnexpectedFailureTellsWhereItHappenedButNotItsText() {
    LogEvent line = FailureLines.unexpected("id-1", new IllegalStateException("SECRET"));

    assertThat(line.level()).isEqualTo(Level.ERROR);
    assertThat(line.fields())
        .containsEntry("id", "id-1")
        .containsEntry("error", "java.lang.IllegalStateException")
        .hasEntrySatisfying("at", at -> assertThat(at.toString()).contains("DecisionLinesTest"));
    assertThat(line.toString()).doesNotContain("SECRET");
  }

  @Test
  void anUnexpectedFailureWithoutATraceIsToldAllTheSame() {
    var failure = new IllegalStateException("SECRET");
    failure.setStackTrace(new StackTraceElement[0]);

    assertThat(FailureLines.unexpected("id-1", failure).fields())
        .containsExactly(entry("id", "id-1"), entry("error", "java.lang.IllegalStateException"));
  }
}
