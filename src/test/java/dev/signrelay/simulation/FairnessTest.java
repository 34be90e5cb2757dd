package dev.signrelay.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.SlidingWindowLimiter;
import dev.signrelay.simulation.SimulatedReceiver.Delivery;
import dev.signrelay.simulation.SimulatedUpstream.Outage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** That who came first is not kept waiting by those who come all the time. */
final class FairnessTest {

  private static final int CALLS = 10;
  private static final Duration STREAM = Duration.ofMinutes(20);
  private static final Instant JOBS_COME = World.START.plusSeconds(30);

  /** The first wait is 20 to 40 s, each further one up to twice as long. */
  private static final Duration LONGEST_FIRST_WAIT = Duration.ofSeconds(40);

  private final World world =
      new World(
          1,
          CALLS,
          SharedLimit.Kind.SCHEDULE,
          new Outage(message -> message.startsWith("job"), JOBS_COME.plusSeconds(90)));

  @Test
  void aStreamOfTenTimesTheLimitKeepsARetryWaitingNoLongerThanAPeriod() {
    comeAllTheTime(CALLS * 10);
    List<String> jobs = IntStream.range(0, CALLS).mapToObj(i -> "job-" + i).toList();
    jobs.forEach(job -> world.clients.askWithCallback(JOBS_COME, job));

    world.time.run(World.START.plus(STREAM));

    assertThat(jobs)
        .allSatisfy(
            job -> {
              int attempts = attempts(job);
              assertThat(attempts).isGreaterThan(1);
              assertThat(Duration.between(JOBS_COME, delivery(job))).isLessThan(longest(attempts));
            });
    assertThat(world.upstream.calls()).extracting("status").doesNotContain(429);
    assertThat(world.clients.answers()).anyMatch(Clients.Answer::isSigned);
  }

  private void comeAllTheTime(int perMinute) {
    long gap = Duration.ofMinutes(1).toMillis() / perMinute;
    for (long t = 0; t < STREAM.toMillis(); t += gap) {
      world.clients.ask(World.START.plusMillis(t), "fresh-" + t);
    }
  }

  private static Duration longest(int attempts) {
    return IntStream.range(0, attempts)
        .mapToObj(n -> SlidingWindowLimiter.PERIOD.plus(LONGEST_FIRST_WAIT.multipliedBy(1L << n)))
        .reduce(Duration.ZERO, Duration::plus);
  }

  private int attempts(String message) {
    return (int)
        world.upstream.calls().stream().filter(call -> call.message().equals(message)).count();
  }

  private Instant delivery(String message) {
    return world.receiver.deliveries().stream()
        .filter(d -> SimulatedUpstream.messageOf(d.signature()).equals(message))
        .map(Delivery::at)
        .findFirst()
        .orElseThrow();
  }
}
