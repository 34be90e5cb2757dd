package dev.signrelay.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.limit.SlidingWindowLimiter;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.simulation.FaultyReceiver.Delivery;
import dev.signrelay.simulation.SimulatedUpstream.Call;
import dev.signrelay.simulation.SimulatedUpstream.Outage;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** First come, first served, for retries too. New requests do not delay waiting jobs. */
final class FairnessTest {

  private static final int CALLS = 10;
  private static final Duration STREAM = Duration.ofMinutes(20);
  private static final Instant JOBS_SENT = World.START.plusSeconds(30);

  /** The first delay is 20 to 40 s, each further one up to twice as long. */
  private static final Duration MAX_FIRST_DELAY = Duration.ofSeconds(40);

  private static final Duration MIN_FIRST_DELAY = Duration.ofSeconds(20);

  private static final URI RECEIVER = URI.create("https://client.example/signed");

  /** From the end of a job's delay until it acquires a grant. */
  private static final Duration MAX_RECEIVE_TIME = Duration.ofSeconds(10);

  /** Calls with grants of the same time may arrive in any order. */
  private static final Duration SAME_TIME = Duration.ofSeconds(2);

  private final World world =
      World.measured(
          1, CALLS, new Outage(message -> message.startsWith("job"), JOBS_SENT.plusSeconds(90)));

  @Test
  void aStreamOfTenTimesTheLimitDelaysARetryByAtMostAPeriod() {
    eachOf(CALLS * 10, world.clients::request);
    List<String> jobs = IntStream.range(0, CALLS).mapToObj(i -> "job-" + i).toList();
    jobs.forEach(job -> world.clients.requestWithCallback(JOBS_SENT, job));

    world.time.run(World.START.plus(STREAM));

    assertThat(jobs)
        .allSatisfy(
            job -> {
              int attempts = calls(job).size();
              assertThat(attempts).isGreaterThan(1);
              assertThat(Duration.between(JOBS_SENT, delivery(job))).isLessThan(maxTime(attempts));
            });
    assertThat(world.upstream.calls).extracting("status").doesNotContain(429);
    assertThat(world.clients.answers).anyMatch(Clients.Answer::isSigned);
  }

  /** The requests of the stream are queued, so that the backlog keeps growing. */
  @Test
  void inAGrowingBacklogARetryIsCalledAfterAllEarlierRequestsAndBeforeAllLaterOnes() {
    eachOf(CALLS * 2, world.clients::requestWithCallback);
    world.clients.requestWithCallback(JOBS_SENT, "job");

    world.time.run(World.START.plus(STREAM));

    List<Call> calls = calls("job");
    assertThat(calls).hasSize(2);
    Instant retry = calls.getLast().at();
    Instant acquired = calls.getFirst().at().plus(MAX_FIRST_DELAY).plus(MAX_RECEIVE_TIME);
    List<Clients.Answer> later =
        world.clients.answers.stream().filter(a -> a.sent().isAfter(acquired)).toList();
    assertThat(later).anySatisfy(a -> assertThat(a.sent()).isBefore(retry));
    assertThat(later)
        .flatExtracting(a -> calls(a.message()))
        .isNotEmpty()
        .allSatisfy(call -> assertThat(call.at()).isAfter(retry.minus(SAME_TIME)));
    Instant returned = calls.getFirst().at().plus(MIN_FIRST_DELAY);
    assertThat(world.clients.answers)
        .filteredOn(answer -> answer.at().isBefore(returned))
        .flatExtracting(answer -> calls(answer.message()))
        .hasSizeGreaterThan(CALLS)
        .filteredOn(call -> !call.message().equals("job"))
        .allSatisfy(call -> assertThat(call.at()).isBefore(retry.plus(SAME_TIME)));
  }

  /**
   * While a line is noted, a request joins it; the last run notes that there is none. A run that
   * counts jobs which are no longer there finds none. Just below the limit, the burst and the
   * requests that join its line are called by minute 9 or 12; each period leaves a fifth of its
   * calls, or a tenth, to those who were waiting for a call together.
   *
   * @param countsLate whether the count of the line is a minute old
   */
  @ParameterizedTest
  @CsvSource({
    "1, 60, 30, false, 4",
    "1, 60, 30, true, 4",
    "2, 120, 45, false, 11",
    "2, 120, 51, false, 19"
  })
  void afterABurstRequestsBelowTheLimitAreSignedInTheResponseAgain(
      long seed, int size, int perMinute, boolean countsLate, int minutes) {
    World large = World.measured(seed, 60, Outage.NONE);
    large.line.countsLate = countsLate;
    for (int i = 0; i < size; i++) {
      large.clients.requestWithCallback(World.START, "burst-" + i);
    }
    eachOf(perMinute, large.clients::requestWithCallback);

    large.time.run(World.START.plus(STREAM).plus(STREAM));

    Instant from = World.START.plus(Duration.ofMinutes(minutes));
    assertThat(large.clients.answers)
        .filteredOn(answer -> !answer.sent().isBefore(from))
        .isNotEmpty()
        .allMatch(Clients.Answer::isSigned);
  }

  /** Its writes keep the notes of the runs, although it reads none. */
  @Test
  void aProcessThatTakesEachCallAsItComesKnowsTheLine() {
    World large = World.measured(1, 60, Outage.NONE);
    eachOf(20, large.clients::requestWithCallback);
    for (int i = 0; i < 70; i++) {
      large.clients.requestWithCallback(World.START.plus(Duration.ofMinutes(5)), "burst-" + i);
    }

    large.time.run(World.START.plus(STREAM).plus(STREAM));

    assertThat(large.upstream.calls).hasSize(large.clients.answers.size());
  }

  /** Their notices are sent from the callback queue, not from the one of retries. */
  @Test
  void expiredJobsWhoseReceiversHangDelayNoRetry() {
    var outage =
        new Outage(message -> message.startsWith("job"), World.START.plus(Duration.ofMinutes(3)));
    World attacked = World.measured(1, CALLS, outage, Map.of("CALLBACK_ON_FAILURE", "true"));
    attacked.noticesHang = true;
    for (int i = 0; i < 2 * CALLS; i++) {
      attacked.clients.requestWithCallback(World.START, "job-" + i);
    }
    eachOf(
        10 * 60,
        (at, message) -> attacked.time.at(at, () -> attacked.queues.put(expired(message, at), at)));

    attacked.time.run(World.START.plus(STREAM));

    assertThat(attacked.queues.deadLetters)
        .hasSizeGreaterThan(1_000)
        .allMatch(letter -> letter.reason().kind() == Kind.EXPIRED);
    assertThat(attacked.deliveries).hasSizeGreaterThanOrEqualTo(2 * CALLS);
    List<Call> calls =
        attacked.upstream.calls.stream().filter(c -> c.message().startsWith("job")).toList();
    assertThat(calls.getLast().at()).isBefore(World.START.plus(Duration.ofMinutes(14)));
  }

  private static Requeue expired(String message, Instant at) {
    var acceptance = new Acceptance(message, RECEIVER, at.minusSeconds(9), at, "");
    return new Requeue(NeedsSignature.first(acceptance, message), JobQueue.RETRY, Duration.ZERO);
  }

  private static void eachOf(int perMinute, BiConsumer<Instant, String> stream) {
    long gap = Duration.ofMinutes(1).toMillis() / perMinute;
    for (long t = 0; t < STREAM.toMillis(); t += gap) {
      stream.accept(World.START.plusMillis(t), "fresh-" + t);
    }
  }

  private static Duration maxTime(int attempts) {
    return IntStream.range(0, attempts)
        .mapToObj(n -> SlidingWindowLimiter.PERIOD.plus(MAX_FIRST_DELAY.multipliedBy(1L << n)))
        .reduce(Duration.ZERO, Duration::plus);
  }

  private List<Call> calls(String message) {
    return world.upstream.calls.stream().filter(call -> call.message().equals(message)).toList();
  }

  private Instant delivery(String message) {
    return world.deliveries.stream()
        .filter(d -> SimulatedUpstream.messageOf(d.signature()).equals(message))
        .map(Delivery::at)
        .findFirst()
        .orElseThrow();
  }
}
