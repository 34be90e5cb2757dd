package dev.signrelay.policy;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.CallUnderWay;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.GrantExpired;
import dev.signrelay.job.SigningResult.KeyUnavailable;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.policy.RetryDecision.Complete;
import dev.signrelay.policy.RetryDecision.DeadLetter;
import dev.signrelay.policy.RetryDecision.Deliver;
import dev.signrelay.policy.RetryDecision.Requeue;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The decision for each state of a job and each result of its step.
 *
 * <p>A job is {@code sign} or {@code deliver} with the number of its attempt, or {@code record}: a
 * signature without a callback URL. It has {@code waited}, or its result is wanted {@code until} so
 * many seconds after now. After {@code again} follows the delay of the next attempt, after {@code
 * wait} that of the same one; what is longer than a queue allows is {@code until} a time.
 */
final class RetryPolicyTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final URI RECEIVER = URI.create("https://example.com/hook");
  private static final Map<String, SigningResult> WITHOUT_A_CALL =
      Map.of(
          "reused", new Reused("signature", ofSeconds(9)),
          "not-granted", new NotGranted(ofSeconds(90), true),
          "line-unknown", new NotGranted(Duration.ZERO, false),
          "limiter-unavailable", new LimiterUnavailable(new IllegalStateException()),
          "key-unavailable", new KeyUnavailable(),
          "grant-expired", new GrantExpired(),
          "call-under-way", new CallUnderWay(),
          "out-of-time", new OutOfTime());

  private final RetryPolicy policy =
      new RetryPolicy(
          new Stage(new Backoff(ofSeconds(20), ofSeconds(2_000)), 20, Duration.ZERO),
          new Stage(new Backoff(ofSeconds(20), ofSeconds(3_600)), 10, Duration.ZERO));

  /**
   * No wait is longer than the result is wanted, and a signature that is there is used. Nobody
   * waits for a receiver of a record: the delay is at most a minute.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sign 1 | signed | 0 | deliver 1",
        "sign 3 waited | signed | 0 | deliver 3",
        "sign 3 | reused | 0 | deliver 2",
        "sign 1 | rejected http-422 | 0 | dead MESSAGE_REJECTED http-422",
        "sign 1 | failed timeout | 0.5 | again 30",
        "sign 7 | failed timeout | 0 | again 900 until 1280",
        "sign 3 waited | failed timeout | 0 | again 80",
        "sign 20 | failed http-503 60 | 0 | dead SIGNING_EXHAUSTED http-503",
        "sign 2147483647 waited | failed connect | 0 | dead SIGNING_EXHAUSTED connect",
        "sign 1 | failed http-429 21 | 0 | again 21",
        "sign 1 | failed http-429 901 | 0 | again 900 until 901",
        "sign 1 until 1.001 | out-of-time | 0 | wait 0",
        "sign 1 until 1.001 | not-granted | 0 | line",
        "sign 1 until 3 | call-under-way | 0 | wait 3",
        "sign 1 until 15 | failed http-429 7200 | 0 | again 15",
        "deliver 1 until 15 | undelivered timeout | 0 | again 15",
        "deliver 1 until 1000 | undelivered http-503 32400 | 0 | again 900 until 1000",
        "sign 1 until 0.5 | reused | 0 | deliver 0",
        "sign 1 until 0.5 | signed | 0 | deliver 1",
        "sign 1 until 0 | signed | 0 | deliver 1",
        "deliver 1 | delivered | 0 | complete",
        "deliver 10 | gone | 0 | dead CALLBACK_GONE http-410",
        "deliver 1 | forbidden | 0 | dead CALLBACK_FORBIDDEN forbidden-url",
        "deliver 1 | undelivered http-500 | 0.5 | again 30",
        "deliver 2 waited | undelivered timeout | 0 | again 40",
        "deliver 9 | undelivered timeout | 0 | again 900 until 3600",
        "deliver 10 | undelivered timeout 5 | 0 | dead CALLBACK_EXHAUSTED timeout",
        "deliver 1 | undelivered http-503 3601 | 0 | again 900 until 3600",
        "record 1 | undelivered record-unavailable | 0.5 | again 30",
        "record 2 | undelivered record-unavailable | 0.5 | again 60",
        "record 3 | undelivered record-unavailable | 0 | again 60",
        "record 10 | undelivered timeout | 0 | dead CALLBACK_EXHAUSTED timeout",
      })
  void aCallOrADeliveryDecidesWhatFollows(
      String job, String result, double random, String decision) {
    decides(job, result, random, decision);
  }

  /** Without a call no attempt is used up: the job is neither delayed nor given up for it. */
  @ParameterizedTest
  @CsvSource({
    "not-granted, 0.5, line",
    "line-unknown, 0.5, line",
    "limiter-unavailable, 0.5, line",
    "key-unavailable, 0.5, line",
    "grant-expired, 0.5, line",
    "call-under-way, 0, wait 4",
    "call-under-way, 0.5, wait 6",
    "out-of-time, 0.5, wait 0",
  })
  void aJobWithoutACallWaitsInItsQueueAndKeepsItsAttempts(
      String result, double random, String decision) {
    for (int attempt : new int[] {1, 20, Integer.MAX_VALUE}) {
      decides("sign " + attempt, result, random, decision);
    }
    if (!result.equals("out-of-time")) {
      decides("sign 3 waited", result, random, decision);
    }
  }

  /**
   * With less than a second it would return at once, find too little time for a call, and so on.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "out-of-time",
        "call-under-way",
        "not-granted",
        "limiter-unavailable",
        "key-unavailable",
        "grant-expired"
      })
  void aJobWithoutTimeForACallWaitsForItsEnd(String result) {
    decides("sign 1 until 0.24", result, 0, "wait 0.24");
    decides("sign 1 until 0", result, 0, "wait 0");
    decides("sign 1 until -1", result, 0, "wait 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sign 3 until 0", "deliver 3 until 0"})
  void aJobThatExpiresInEitherStageIsADeadLetterKeepsItsSignatureAndWaitsNoLonger(String text) {
    Job job = job(text);

    assertThat(policy.afterExpiry(job, NOW))
        .isEqualTo(
            new DeadLetter(job.fresh(NOW), new DeadLetterReason(Kind.EXPIRED, "expired", 2)));
    assertThat(policy.waitUntilDue(job.withNotBefore(NOW.plusSeconds(60)), NOW)).isEmpty();
  }

  /** A job is due a second early. It is requeued until then, and that is not an attempt. */
  @ParameterizedTest
  @CsvSource({
    "PT-1H,",
    "PT0S,",
    "PT1S,",
    "PT1.000000001S, wait 1.000000001",
    "PT900S, wait 900",
    "PT900.001S, wait 900 until 900.001",
  })
  void aJobThatLeavesTheQueueBeforeItIsDueWaits(Duration notBefore, @Nullable String wait) {
    for (String text : List.of("sign 3", "deliver 3")) {
      Job job = job(text).withNotBefore(NOW.plus(notBefore));

      assertThat(policy.waitUntilDue(job, NOW))
          .isEqualTo(Optional.ofNullable(wait).map(expected -> expected(job, expected)));
      assertThat(policy.waitUntilDue(job(text), NOW)).isEmpty();
    }
  }

  /** It is received when it has expired. */
  @Test
  void aLongWaitEndsWhenTheJobExpires() {
    Job waiting = job("deliver 2 until 1000").withNotBefore(NOW.plusSeconds(1_000));

    assertThat(policy.waitUntilDue(waiting, NOW.plusSeconds(900)))
        .contains(new Requeue(waiting.withNotBefore(null), ofSeconds(100)));
    assertThat(policy.waitUntilDue(waiting, NOW.plusSeconds(1_000))).isEmpty();
  }

  private void decides(String job, String result, double random, String decision) {
    Job state = job(job);
    RetryDecision decided =
        switch (state) {
          case NeedsSignature unsigned ->
              policy.afterSigning(unsigned, signing(result), NOW, random);
          case NeedsCallback signed -> policy.afterDelivery(signed, delivery(result), NOW, random);
        };
    assertThat(decided).isEqualTo(expected(state, decision));
  }

  private static Job job(String text) {
    String[] words = text.split(" ");
    var acceptance =
        new Acceptance(
            "id-1",
            words[0].equals("record") ? null : RECEIVER,
            NOW.minusSeconds(60),
            words.length > 3 ? NOW.plus(seconds(words[3])) : null,
            "");
    int attempt = Integer.parseInt(words[1]);
    Instant notBefore = text.endsWith("waited") ? NOW.minusSeconds(5) : null;
    return words[0].equals("sign")
        ? new NeedsSignature(acceptance, "message", attempt, notBefore, acceptance.at())
        : new NeedsCallback(acceptance, "signature", attempt, notBefore, acceptance.at(), 1);
  }

  private static SigningResult signing(String result) {
    String[] words = result.split(" ");
    return switch (words[0]) {
      case "signed" -> called(new Signed("signature"));
      case "rejected" -> called(new Rejected(words[1]));
      case "failed" -> called(new Failed(words[1], retryAfter(words)));
      default -> WITHOUT_A_CALL.get(result);
    };
  }

  private static SigningResult called(SigningOutcome outcome) {
    return new Called(outcome, NOW.minusSeconds(1), NOW);
  }

  private static DeliveryOutcome delivery(String result) {
    String[] words = result.split(" ");
    return switch (words[0]) {
      case "delivered" -> new Delivered("http-204");
      case "gone" -> new Gone("http-410");
      case "forbidden" -> new Forbidden("forbidden-url");
      default -> new Undelivered(words[words.length > 1 ? 1 : 0], retryAfter(words));
    };
  }

  private static @Nullable Duration retryAfter(String[] words) {
    return words.length > 2 ? seconds(words[2]) : null;
  }

  private static RetryDecision expected(Job job, String decision) {
    String[] words = decision.split(" ");
    return switch (words[0]) {
      case "complete" -> new Complete();
      case "deliver" ->
          new Deliver(
              new NeedsCallback(
                  job.acceptance(), "signature", 1, null, NOW, Integer.parseInt(words[1])));
      case "dead" ->
          new DeadLetter(
              job.fresh(NOW),
              new DeadLetterReason(Kind.valueOf(words[1]), words[2], job.attemptNumber()));
      case "line" -> new Requeue(job.withNotBefore(null), JobQueue.LINE, Duration.ZERO);
      case "again" -> requeue(job.next(), words);
      default -> requeue(job, words);
    };
  }

  private static Requeue requeue(Job job, String[] words) {
    Instant notBefore = words.length > 3 ? NOW.plus(seconds(words[3])) : null;
    return new Requeue(job.withNotBefore(notBefore), seconds(words[1]));
  }

  private static Duration seconds(String text) {
    return Duration.ofNanos(new BigDecimal(text).movePointRight(9).longValueExact());
  }
}
