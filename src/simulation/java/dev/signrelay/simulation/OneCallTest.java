package dev.signrelay.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.attempt.CachingSigner;
import dev.signrelay.attempt.RateLimitedSigner;
import dev.signrelay.attempt.SigningTimeouts;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.CallUnderWay;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.jobrecord.JobTable.Rules;
import dev.signrelay.limit.NoLimit;
import dev.signrelay.testing.FakeDynamoDb;
import dev.signrelay.testing.FakeJobTable;
import dev.signrelay.testing.FakeTime;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Attempts for one message at the same time, in virtual time. The latencies of the cache and of the
 * upstream are random: each seed interleaves the requests in another way.
 */
final class OneCallTest {

  private static final int SEEDS = 50;
  private static final int ATTEMPTS = 60;
  private static final Duration DEADLINE = Duration.ofMillis(1_450);

  /** How long a lease outlives its holder's deadline. */
  private static final Duration LEASE_RESERVE = Duration.ofSeconds(2);

  private static final SigningOutcome SIGNED = new Signed("signature");
  private static final SigningOutcome FAILED = new Failed("http-503", null);

  private record Call(Instant start, Instant end) {}

  /** A process that has died does nothing more. */
  private static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final VirtualTime time = new VirtualTime(FakeTime.START);
  private final List<Call> calls = new ArrayList<>();
  private final List<SigningResult> results = new ArrayList<>();
  private final List<Duration> durations = new ArrayList<>();
  private SeededRandom random = new SeededRandom(0);
  private IntFunction<SigningOutcome> upstream = _ -> SIGNED;
  private int failures;
  private int ids;

  @RepeatedTest(SEEDS)
  void sixtyAttemptsAtOnceMakeOneCall(RepetitionInfo seed) {
    run(seed, Duration.ZERO);

    assertThat(calls).hasSize(1);
    assertThat(results)
        .hasSize(ATTEMPTS)
        .allMatch(result -> result instanceof Called || result instanceof Reused);
  }

  @RepeatedTest(SEEDS)
  void callsThatFailFollowOneAnotherUntilOneSucceeds(RepetitionInfo seed) {
    upstream = number -> number < 2 ? FAILED : SIGNED;

    run(seed, Duration.ofMillis(500));

    assertThat(calls).hasSize(3);
    assertNoOverlap();
    assertThat(results)
        .hasSize(ATTEMPTS)
        .allMatch(result -> result instanceof Called || result instanceof Reused);
  }

  @RepeatedTest(SEEDS)
  void whileEveryCallFailsThereIsOneAtATimeAndNobodyWaitsTooLong(RepetitionInfo seed) {
    upstream = _ -> FAILED;

    run(seed, Duration.ofSeconds(3));

    assertThat(calls).hasSizeGreaterThan(3);
    assertNoOverlap();
    assertThat(results)
        .hasSize(ATTEMPTS)
        .hasAtLeastOneElementOfType(CallUnderWay.class)
        .allMatch(
            result ->
                result instanceof Called
                    || result instanceof CallUnderWay
                    || result instanceof OutOfTime);
    assertThat(durations).allMatch(duration -> duration.compareTo(DEADLINE) <= 0);
  }

  /** The first two processes that make the call die. */
  @RepeatedTest(SEEDS)
  void aHolderThatDiesHoldsNobodyUpForLongerThanItsLease(RepetitionInfo seed) {
    upstream =
        number -> {
          if (number < 2) {
            throw new Death();
          }
          return SIGNED;
        };

    run(seed, Duration.ofSeconds(20));

    assertThat(calls).hasSize(3);
    assertThat(results).hasSize(ATTEMPTS - 2);
    Duration longest = DEADLINE.plus(LEASE_RESERVE).plusSeconds(2);
    for (int i = 1; i < calls.size(); i++) {
      assertThat(Duration.between(calls.get(i - 1).start, calls.get(i).start))
          .isBetween(LEASE_RESERVE, longest);
    }
  }

  private void run(RepetitionInfo seed, Duration within) {
    random = new SeededRandom(seed.getCurrentRepetition());
    JobTable table =
        FakeJobTable.in(
            new SlowDynamoDb(), new Rules(Duration.ZERO, Duration.ofMinutes(1), 0), time);
    for (int i = 0; i < ATTEMPTS; i++) {
      Instant start = FakeTime.START.plus(random.between(Duration.ZERO, within));
      time.start(start, () -> attempt(table));
    }
    assertThat(time.run(FakeTime.START.plusSeconds(600))).isTrue();
    assertThat(failures).isZero();
  }

  private void attempt(JobTable table) {
    var limited =
        new RateLimitedSigner(
            timeout -> new NoLimit(time).acquire(Duration.ZERO, timeout),
            (_, timeout, _) -> call(timeout),
            time);
    var signer = new CachingSigner(limited, table, time, () -> "id-" + ids++, _ -> failures++);
    Instant start = time.instant();
    var timeouts =
        new SigningTimeouts(start.plus(DEADLINE), Duration.ofMillis(700), Duration.ofSeconds(10));
    try {
      results.add(signer.attempt("id", "message", timeouts));
      durations.add(Duration.between(start, time.instant()));
    } catch (Death _) {
      // Nothing follows.
    }
  }

  private Optional<SigningOutcome> call(Duration timeout) {
    Instant start = time.instant();
    int number = calls.size();
    calls.add(new Call(start, Instant.MAX));
    SigningOutcome outcome = upstream.apply(number);
    Duration latency = random.between(Duration.ofMillis(5), Duration.ofMillis(200));
    time.sleep(TimeSource.shorter(latency, timeout));
    calls.set(number, new Call(start, time.instant()));
    return Optional.of(outcome);
  }

  private void assertNoOverlap() {
    for (int i = 1; i < calls.size(); i++) {
      assertThat(calls.get(i).start).isAfterOrEqualTo(calls.get(i - 1).end);
    }
  }

  /** A table whose requests and responses take time. */
  private final class SlowDynamoDb extends FakeDynamoDb {

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
      travel();
      GetItemResponse response = super.getItem(request);
      travel();
      return response;
    }

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest request) {
      travel();
      try {
        return super.updateItem(request);
      } finally {
        travel();
      }
    }

    private void travel() {
      time.sleep(random.between(Duration.ofMillis(1), Duration.ofMillis(8)));
    }
  }
}
