package dev.signrelay.retry;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.retry.RetryDecision.AfterDelivery;
import dev.signrelay.retry.RetryDecision.Complete;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The decision after a delivery. */
final class RetryPolicyDeliveryTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Acceptance ACCEPTANCE =
      new Acceptance("id-1", URI.create("https://example.com/hook"), NOW.minusSeconds(60));

  private final RetryPolicy policy =
      new RetryPolicy(
          new Stage(new Backoff(ofSeconds(20), ofSeconds(3_600)), 20, Duration.ZERO),
          new Stage(new Backoff(ofSeconds(20), ofSeconds(3_600)), 10, Duration.ZERO));

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 11})
  void aSuccessfulDeliveryCompletesTheJob(int attempt) {
    assertThat(decide(attempt, new Delivered("http-204"), 0)).isEqualTo(new Complete());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10})
  void aJobWhoseReceiverIsGoneIsDeadLetteredWithItsSignature(int attempt) {
    assertThat(decide(attempt, new Gone("http-410"), 0))
        .isEqualTo(
            new DeadLetter(
                job(1).fresh(NOW), new DeadLetterReason(Kind.CALLBACK_GONE, "http-410", attempt)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10})
  void aJobWhoseReceiverIsForbiddenIsDeadLetteredWithItsSignature(int attempt) {
    assertThat(decide(attempt, new Forbidden("forbidden-url"), 0))
        .isEqualTo(
            new DeadLetter(
                job(1).fresh(NOW),
                new DeadLetterReason(Kind.CALLBACK_FORBIDDEN, "forbidden-url", attempt)));
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 20", "1, 0.5, 30", "2, 0, 40", "6, 0.25, 800"})
  void aFailedDeliveryIsRetriedWithTheSameSignatureAfterTheBackoff(
      int attempt, double random, long seconds) {
    assertThat(decide(attempt, new Undelivered("http-500", null), random))
        .isEqualTo(new Requeue(job(attempt + 1), ofSeconds(seconds)));
  }

  @Test
  void afterTheLastAllowedDeliveryTheJobIsDeadLetteredWithoutAttempts() {
    assertThat(decide(9, new Undelivered("timeout", null), 0))
        .isInstanceOfSatisfying(Requeue.class, r -> assertThat(r.job().attempt()).isEqualTo(10));
    assertThat(decide(10, new Undelivered("timeout", ofSeconds(5)), 0))
        .isEqualTo(
            new DeadLetter(
                job(1).fresh(NOW), new DeadLetterReason(Kind.CALLBACK_EXHAUSTED, "timeout", 10)));
    assertThat(decide(11, new Undelivered("tls", null), 0))
        .isEqualTo(
            new DeadLetter(
                job(1).fresh(NOW), new DeadLetterReason(Kind.CALLBACK_EXHAUSTED, "tls", 11)));
  }

  @Test
  void deliveriesHaveASeparateLimit() {
    var generous =
        new RetryPolicy(policy.signing(), new Stage(policy.delivery().backoff(), 2, Duration.ZERO));
    assertThat(generous.afterDelivery(job(1), new Undelivered("tls", null), NOW, 0))
        .isInstanceOf(Requeue.class);
  }

  @ParameterizedTest
  @CsvSource({"0, 20", "19, 20", "21, 21", "900, 900"})
  void aRetryAfterIsHonouredButNeverShortensTheBackoff(long retryAfter, long seconds) {
    assertThat(decide(1, new Undelivered("http-503", ofSeconds(retryAfter)), 0))
        .isEqualTo(new Requeue(job(2), ofSeconds(seconds)));
  }

  /** Nobody waits for a receiver: the signature is there as soon as the table answers again. */
  @ParameterizedTest
  @CsvSource({
    "1, 0, 20",
    "1, 0.5, 30",
    "2, 0, 40",
    "2, 0.5, 60",
    "3, 0, 60",
    "9, 0.9, 60",
    "5000, 0.9, 60"
  })
  void aSignatureThatIsNotRecordedIsRecordedWithinAMinute(
      int attempt, double random, long seconds) {
    Acceptance forRecord = new Acceptance("id-1", null, NOW.minusSeconds(60), null, "");
    var job = new NeedsCallback(forRecord, "signature", attempt, null);
    var patient =
        new RetryPolicy(
            policy.signing(), new Stage(policy.delivery().backoff(), 10, Duration.ofDays(3)));

    assertThat(patient.afterDelivery(job, new Undelivered("record-unavailable", null), NOW, random))
        .isEqualTo(new Requeue(job.next(), ofSeconds(seconds)));
  }

  @ParameterizedTest
  @CsvSource({"901, 901", "3600, 3600", "3601, 3600"})
  void aDelayLongerThanTheQueueAllowsIsStoredInTheJob(long retryAfter, long seconds) {
    assertThat(decide(1, new Undelivered("http-503", ofSeconds(retryAfter)), 0))
        .isEqualTo(new Requeue(job(2).withNotBefore(NOW.plusSeconds(seconds)), ofSeconds(900)));
  }

  @Test
  void thePreviousWaitIsRemovedFromTheJob() {
    NeedsCallback waited = job(2).withNotBefore(NOW.minusSeconds(5));

    assertThat(policy.afterDelivery(waited, new Undelivered("timeout", null), NOW, 0))
        .isEqualTo(new Requeue(job(3), ofSeconds(40)));
    assertThat(policy.afterDelivery(waited, new Gone("http-410"), NOW, 0))
        .isInstanceOfSatisfying(
            DeadLetter.class, d -> assertThat(d.job()).isEqualTo(job(1).fresh(NOW)));
  }

  private AfterDelivery decide(int attempt, DeliveryOutcome outcome, double random) {
    return policy.afterDelivery(job(attempt), outcome, NOW, random);
  }

  private static NeedsCallback job(int attempt) {
    return new NeedsCallback(ACCEPTANCE, "signature", attempt, null);
  }
}
